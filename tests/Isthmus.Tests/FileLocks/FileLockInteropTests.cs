using System.Buffers.Binary;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.FileLocks;

/// <summary>The other side is C, Python or util-linux.</summary>
public sealed class FileLockInteropTests : IDisposable
{
    // Counts in the first 8 bytes of a file, each time under its lock; says how often another one has counted in between.
    private const string CounterInC = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/file.h>
        #include <unistd.h>

        static int set(int fd, const char *kind, int type)
        {
            struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
            if (strcmp(kind, "Flock") == 0)
                return flock(fd, type == F_UNLCK ? LOCK_UN : LOCK_EX);
            return fcntl(fd, strcmp(kind, "Ofd") == 0 ? F_OFD_SETLKW : F_SETLKW, &lock);
        }

        int main(int argc, char **argv)
        {
            int fd = open(argv[1], O_RDWR);
            for (int i = atoi(argv[3]); i > 0; i--) {
                long count;
                if (set(fd, argv[2], F_WRLCK) || pread(fd, &count, 8, 0) != 8)
                    return 1;
                count++;
                if (pwrite(fd, &count, 8, 0) != 8 || set(fd, argv[2], F_UNLCK))
                    return 1;
            }
            return 0;
        }
        """;

    private const int Rounds = 3000;

    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["file"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task C_and_we_count_together_and_no_count_is_lost()
    {
        string program = _directory["counter"];
        Assert.Equal(("", 0), Peer.Run("gcc", ["-x", "c", "-Wall", "-O2", "-o", program, "-"], CounterInC));
        // C with each flavour; OFD and POSIX also against each other.
        foreach ((FileLockKind ours, FileLockKind theirs) in ((FileLockKind, FileLockKind)[])[
            (FileLockKind.Ofd, FileLockKind.Ofd), (FileLockKind.Posix, FileLockKind.Posix),
            (FileLockKind.Flock, FileLockKind.Flock), (FileLockKind.Ofd, FileLockKind.Posix)])
        {
            File.WriteAllBytes(Name, new byte[8]);
            Task<(string Output, int ExitCode)> other = Task.Run(() => Peer.Run(program, [Name, theirs.ToString(), $"{Rounds}"]));
            using (FileLock shared = FileLock.Open(Name, new() { Kind = ours }))
            {
                for (int i = 0; i < Rounds; i++)
                {
                    Count(shared);
                }
                Assert.Equal(("", 0), await other.OrHang());
            }
            Assert.Equal(2 * Rounds, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(Name)));
        }
    }

    [Fact]
    public async Task Python_and_we_count_together_and_no_count_is_lost()
    {
        const string Script = """
            import fcntl, os, sys
            fd = os.open(sys.argv[1], os.O_RDWR)
            for i in range(int(sys.argv[2])):
                fcntl.lockf(fd, fcntl.LOCK_EX)
                os.pwrite(fd, (int.from_bytes(os.pread(fd, 8, 0), 'little') + 1).to_bytes(8, 'little'), 0)
                fcntl.lockf(fd, fcntl.LOCK_UN)
            """;
        File.WriteAllBytes(Name, new byte[8]);
        Task<(string Output, int ExitCode)> other = Task.Run(() => Peer.Run("python3", ["-c", Script, Name, $"{Rounds}"]));
        using FileLock shared = FileLock.Open(Name);
        for (int i = 0; i < Rounds; i++)
        {
            Count(shared);
        }
        Assert.Equal(("", 0), await other.OrHang());
        Assert.Equal(2 * Rounds, BinaryPrimitives.ReadInt64LittleEndian(Read(shared.Handle)));
    }

    [Fact]
    public void Flock_of_util_linux_respects_our_lock_and_lslocks_lists_it()
    {
        using FileLock ours = FileLock.OpenOrCreate(Name, new() { Kind = FileLockKind.Flock });
        Assert.Equal(("", 0), Peer.Run("flock", ["-n", Name, "true"]));
        ours.Acquire();
        Assert.Equal(("", 1), Peer.Run("flock", ["-n", Name, "true"]));
        // More than one look: locks that others take and release meanwhile make the kernel's list skip some.
        Assert.True(SpinWait.SpinUntil(() => ListOfLocks().Contains($"FLOCK {Environment.ProcessId} WRITE {Name}\n", StringComparison.Ordinal), Child.Limit));
        ours.ChangeMode(FileLockMode.Shared);
        Assert.Equal(("", 0), Peer.Run("flock", ["-n", "-s", Name, "true"]));
        Assert.Equal(("", 1), Peer.Run("flock", ["-n", "-x", Name, "true"]));
    }

    private static string ListOfLocks() => Peer.Run("lslocks", ["--raw", "--noheadings", "--notruncate", "-o", "TYPE,PID,MODE,PATH"]).Output;

    private static void Count(FileLock shared)
    {
        using (shared.Enter())
        {
            byte[] bytes = Read(shared.Handle);
            BinaryPrimitives.WriteInt64LittleEndian(bytes, BinaryPrimitives.ReadInt64LittleEndian(bytes) + 1);
            RandomAccess.Write(shared.Handle, bytes, 0);
        }
    }

    private static byte[] Read(SafeFileHandle file)
    {
        byte[] bytes = new byte[8];
        Assert.Equal(8, RandomAccess.Read(file, bytes, 0));
        return bytes;
    }
}
