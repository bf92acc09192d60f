using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.SharedMemory;

/// <summary>The other side is C (libc's own calls), Python (sysv_ipc) or util-linux.</summary>
public sealed class SharedMemoryInteropTests(SharedMemoryInteropTests.PeerInC c) : IClassFixture<SharedMemoryInteropTests.PeerInC>, IDisposable
{
    private const int Length = 8192;
    private const int Rounds = 1000;

    // An exchange: we fill the payload, set the turn odd and tell the peer by a byte; it compares each byte, inverts it, sets the turn
    // even and tells us. Nobody spins: the machine may be busy.
    private const int PayloadOffset = 64;

    private readonly SharedMemoryName _name = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly SystemVKey _key = new(Random.Shared.Next(1, int.MaxValue));
    private int? _id;

    public void Dispose()
    {
        _name.Dispose();
        _directory.Dispose();
        if (_id is { } id)
        {
            SystemVSharedMemory.Remove(id);
        }
    }

    [Fact]
    public void A_C_program_opens_what_we_made_with_shm_open()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, Length);
        using ChildProcess peer = c.Start("open-posix", _name);
        Exchange(memory, peer);
    }

    [Fact]
    public void We_open_what_a_C_program_made_with_shm_open()
    {
        using ChildProcess peer = c.Start("create-posix", _name);
        using PosixSharedMemory memory = PosixSharedMemory.Open(_name);
        Assert.Equal(Length, memory.Length);
        Exchange(memory, peer);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, PosixSharedMemory.Stat(_name).Mode);
    }

    [Fact]
    public void A_C_program_maps_the_file_that_we_mapped()
    {
        using MappedFile memory = MappedFile.Create(_directory["file"], Length);
        using ChildProcess peer = c.Start("open-file", _directory["file"]);
        Exchange(memory, peer);
    }

    [Fact]
    public void We_map_the_file_that_a_C_program_mapped()
    {
        using ChildProcess peer = c.Start("create-file", _directory["file"]);
        using MappedFile memory = MappedFile.Open(_directory["file"]);
        Exchange(memory, peer);
    }

    [Fact]
    public void A_C_program_attaches_what_we_made_with_shmget_and_its_forked_children_are_counted()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, Length);
        _id = memory.Id;
        using ChildProcess peer = c.Start("open-sysv", Decimal(_key));
        // We, the program, and its child that has done nothing but be forked.
        Assert.Equal(3, memory.Stat().AttachedCount);
        Exchange(memory, peer);
        Assert.Equal(1, memory.Stat().AttachedCount);
    }

    [Fact]
    public void We_attach_what_a_C_program_made_with_shmget()
    {
        using ChildProcess peer = c.Start("create-sysv", Decimal(_key));
        using SystemVSharedMemory memory = SystemVSharedMemory.Open(_key);
        _id = memory.Id;
        Assert.Equal(peer.Id, memory.Stat().CreatorProcessId);
        Exchange(memory, peer);
    }

    [Fact]
    public void A_C_program_maps_the_anonymous_memory_that_it_inherits()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(Length);
        using ChildProcess peer = c.Start("open-file", "/proc/self/fd/3", memory);
        Exchange(memory, peer);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Python_exchanges_with_us_through_System_V_memory(bool weCreate)
    {
        const string Script = """
            import os, sys, sysv_ipc
            key, length, rounds, create = (int(a) for a in sys.argv[1:])
            m = sysv_ipc.SharedMemory(key, sysv_ipc.IPC_CREX if create else 0, size=length if create else 0)
            print('ready', flush=True)
            inverse = bytes(255 - b for b in range(256))
            for turn in range(1, 2 * rounds, 2):
                os.read(0, 1)
                assert int.from_bytes(m.read(4, 0), 'little') == turn
                data = m.read(length - 64, 64)
                expected = bytes((turn * 31 + i) & 255 for i in range(251))
                assert data == (expected * (length // 251 + 1))[:length - 64], turn
                m.write(data.translate(inverse), 64)
                m.write((turn + 1).to_bytes(4, 'little'), 0)
                os.write(1, b'.')
            m.detach()
            print('done')
            """;
        Peer.Require("/usr/bin/python3");
        SystemVSharedMemory? made = weCreate ? SystemVSharedMemory.Create(_key, Length) : null;
        string[] arguments = [Decimal(_key), Decimal(Length), Decimal(Rounds), weCreate ? "0" : "1"];
        using ChildProcess peer = PeerInC.Start("/usr/bin/python3", ["-c", Script, .. arguments], null);
        using SystemVSharedMemory memory = made ?? SystemVSharedMemory.Open(_key);
        _id = memory.Id;
        Exchange(memory, peer);
    }

    [Fact]
    public void Util_linux_shows_and_removes_what_we_made()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 5000);
        _id = memory.Id;
        (string listed, int done) = Peer.Run("lsipc", ["-m", "-i", Decimal(memory.Id), "--json", "--bytes", "--numeric-perms"]);
        Assert.Equal(0, done);
        JsonElement entry = JsonDocument.Parse(listed).RootElement.EnumerateObject().First().Value[0];
        SystemVSharedMemoryStatus status = memory.Stat();
        Assert.Equal(_key.ToString(), entry.GetProperty("key").GetString());
        Assert.Equal("0600", entry.GetProperty("perms").ToString());
        Assert.Equal("5000", entry.GetProperty("size").ToString());
        Assert.Equal("1", entry.GetProperty("nattch").ToString());
        Assert.Equal(Decimal(status.CreatorProcessId), entry.GetProperty("cpid").ToString());
        Assert.Equal(Decimal(status.LastProcessId), entry.GetProperty("lpid").ToString());
        Assert.Equal(("", 0), Peer.Run("ipcrm", ["-m", Decimal(memory.Id)]));
        _id = null;
        Assert.True(memory.Stat().IsRemoved);
        Assert.Contains("dest", Peer.Run("ipcs", ["-m"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void We_open_and_remove_what_util_linux_made()
    {
        (string text, int done) = Peer.Run("ipcmk", ["-M", "5000", "-p", "0640"]);
        Assert.Equal(0, done);
        int id = int.Parse(text.Split(':')[1], CultureInfo.InvariantCulture);
        using (SystemVSharedMemory memory = SystemVSharedMemory.Open(id))
        {
            Assert.Equal(5000, memory.Length);
            Assert.Equal((UnixFileMode)0x1A0, memory.Stat().Owner.Mode);
            Assert.Equal(id, SystemVSharedMemory.Find(memory.Stat().Owner.Key));
            memory.Remove();
        }
        Assert.NotEqual(0, Peer.Run("ipcrm", ["-m", Decimal(id)]).ExitCode);
    }

    private static void Exchange(MappedMemory memory, ChildProcess peer)
    {
        for (int turn = 1; turn < 2 * Rounds; turn += 2)
        {
            Span<byte> payload = memory.Span[PayloadOffset..];
            for (int i = 0; i < payload.Length; i++)
            {
                payload[i] = Value(turn, i);
            }
            memory.AsSpan<int>(0, 1)[0] = turn;
            peer.StandardInput.Write("."u8);
            Assert.Equal('.', (char)peer.StandardOutput.ReadByte());
            Assert.Equal(turn + 1, memory.AsReadOnlySpan<int>(0, 1)[0]);
            for (int i = 0; i < payload.Length; i++)
            {
                if (payload[i] != (byte)~Value(turn, i))
                {
                    Assert.Fail($"Byte {i} of turn {turn} is {payload[i]}, not {(byte)~Value(turn, i)}.");
                }
            }
        }
        using StreamReader output = new(peer.StandardOutput);
        Assert.Equal("done\n", output.ReadToEnd());
        Assert.Equal(0, peer.Wait().Code);
    }

    // A row of 251 values, so that no page looks like its neighbour.
    private static byte Value(int turn, int index) => (byte)((turn * 31) + (index % 251));

    private static string Decimal(SystemVKey key) => Decimal(key.Value);

    private static string Decimal(int number) => number.ToString(CultureInfo.InvariantCulture);

    public sealed class PeerInC : IDisposable
    {
        private const string Program = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/mman.h>
            #include <sys/shm.h>
            #include <sys/wait.h>
            #include <unistd.h>

            enum { LENGTH = 8192, ROUNDS = 1000, PAYLOAD = 64 };

            static void fail(const char *call) { perror(call); exit(1); }

            static unsigned char *attach(int create, int key)
            {
                int id = shmget(key, create ? LENGTH : 0, create ? IPC_CREAT | IPC_EXCL | 0600 : 0);
                if (id < 0)
                    fail("shmget");
                unsigned char *memory = shmat(id, NULL, 0);
                if (memory == (void *)-1)
                    fail("shmat");
                return memory;
            }

            static unsigned char *map(int create, int posix, const char *name)
            {
                int flags = create ? O_RDWR | O_CREAT | O_EXCL : O_RDWR;
                int fd = posix ? shm_open(name, flags, 0600) : open(name, flags, 0600);
                if (fd < 0 || (create && ftruncate(fd, LENGTH) != 0))
                    fail("open");
                unsigned char *memory = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                if (memory == MAP_FAILED)
                    fail("mmap");
                return memory;
            }

            int main(int argc, char **argv)
            {
                int create = strncmp(argv[1], "create", 6) == 0, sysv = strstr(argv[1], "sysv") != NULL;
                unsigned char *memory = sysv ? attach(create, atoi(argv[2])) : map(create, strstr(argv[1], "posix") != NULL, argv[2]);
                int *turn = (int *)memory;
                int gate[2];
                if (pipe(gate) != 0)
                    fail("pipe");
                pid_t child = fork();
                if (child == 0) {
                    char end;
                    close(gate[1]);
                    _exit(read(gate[0], &end, 1) == 0 ? 0 : 1);
                }
                puts("ready");
                fflush(stdout);
                for (int now = 1; now < 2 * ROUNDS; now += 2) {
                    char token;
                    if (read(0, &token, 1) != 1 || *turn != now)
                        fail("turn");
                    for (int i = 0; i < LENGTH - PAYLOAD; i++) {
                        unsigned char expected = (unsigned char)(now * 31 + i % 251);
                        if (memory[PAYLOAD + i] != expected) {
                            printf("turn %d byte %d: %d instead of %d\n", now, i, memory[PAYLOAD + i], expected);
                            return 1;
                        }
                        memory[PAYLOAD + i] = (unsigned char)~expected;
                    }
                    *turn = now + 1;
                    if (write(1, ".", 1) != 1)
                        fail("write");
                }
                close(gate[1]);
                waitpid(child, NULL, 0);
                if (sysv)
                    shmdt(memory);
                puts("done");
                return 0;
            }
            """;

        private readonly TemporaryDirectory _directory = new();

        public void Dispose() => _directory.Dispose();

        internal static ChildProcess Start(string program, string[] arguments, AnonymousMemory? inherited)
        {
            ChildProcess peer = ChildProcess.Start(new ChildProcessOptions
            {
                FileName = program,
                Arguments = arguments,
                StandardInput = StandardStream.Pipe,
                StandardOutput = StandardStream.Pipe,
                Descriptors = inherited is null ? new() : new Dictionary<int, SafeHandle> { [3] = inherited.Handle },
            });
            byte[] ready = new byte[6];
            peer.StandardOutput.ReadAtLeast(ready, ready.Length, throwOnEndOfStream: false);
            Assert.Equal("ready\n"u8, ready);
            return peer;
        }

        internal ChildProcess Start(string mode, string name, AnonymousMemory? inherited = null)
        {
            string program = _directory["peer"];
            if (!File.Exists(program))
            {
                File.WriteAllText(_directory["peer.c"], Program);
                (string output, int exitCode) = Peer.Run("gcc", ["-O2", "-Wall", "-Werror", "-o", program, _directory["peer.c"], "-lrt"]);
                Assert.Equal("", output);
                Assert.Equal(0, exitCode);
            }
            return Start(program, [mode, name], inherited);
        }
    }
}
