using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>The other side is C, Python's sysv_ipc, or util-linux.</summary>
public sealed class SystemVMessageQueueInteropTests : IDisposable
{
    private const int Exchanges = 1000;
    private const int SizeMax = 600;

    // Both peers: KEY THERE BACK; open our queue, make their own, and send back what comes, with its type, until an empty message.
    private const string C = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/msg.h>
        int main(int argc, char **argv) {
            int from = msgget(strtol(argv[1], NULL, 0), 0), to = msgget(strtol(argv[2], NULL, 0), IPC_CREAT | IPC_EXCL | 0600);
            if (from < 0 || to < 0) return 1;
            puts("ready"); fflush(stdout);
            for (;;) {
                struct { long type; char text[600]; } message;
                ssize_t length = msgrcv(from, &message, sizeof message.text, 0, 0);
                if (length < 0 || msgsnd(to, &message, length, 0)) return 2;
                if (length == 0) return 0;
            }
        }
        """;

    private const string Python = """
        import sys, sysv_ipc
        source = sysv_ipc.MessageQueue(int(sys.argv[1]), max_message_size = 600)
        target = sysv_ipc.MessageQueue(int(sys.argv[2]), sysv_ipc.IPC_CREX, 0o600)
        print('ready', flush = True)
        while True:
            text, kind = source.receive()
            target.send(text, type = kind)
            if not text: break
        """;

    private readonly SystemVMessageQueue _there;
    private readonly SystemVKey _key = TemporaryQueue.NewKey();
    private readonly SystemVKey _backKey = TemporaryQueue.NewKey();
    private readonly byte[] _buffer = new byte[SizeMax];

    public SystemVMessageQueueInteropTests() => _there = SystemVMessageQueue.Create(_key);

    public void Dispose()
    {
        TemporaryQueue.Remove(_there);
        try
        {
            SystemVMessageQueue.Open(_backKey).Remove();
        }
        catch (FileNotFoundException)
        {
            // Not every test makes it.
        }
    }

    [Fact]
    public async Task C_echoes_every_byte_and_type()
    {
        using TemporaryDirectory directory = new();
        Assert.Equal(("", 0), Peer.Run("gcc", ["-Wall", "-Werror", "-O1", "-x", "c", "-", "-o", directory["peer"]], C));
        await ExchangeAsync(directory["peer"]);
    }

    [Fact]
    public Task Python_echoes_every_byte_and_type()
    {
        (_, int exitCode) = Peer.Run("python3", ["-c", "import sysv_ipc"]);
        Assert.SkipWhen(exitCode != 0 && Environment.GetEnvironmentVariable("ISTHMUS_REQUIRE_PEERS") != "1", "python3-sysv-ipc is not installed.");
        return ExchangeAsync(Peer.Require("python3"), "-c", Python);
    }

    [Fact]
    public void Ipcs_and_lsipc_tell_the_same()
    {
        _there.Send("abc"u8);
        _there.Send("de"u8);
        SystemVMessageQueueStatus status = _there.Stat();
        (string ipcs, int exitCode) = Peer.Run("ipcs", ["-q", "-i", Text(_there.Id)]);
        Assert.Equal(0, exitCode);
        Assert.Contains($"msqid={_there.Id}", ipcs, StringComparison.Ordinal);
        Assert.Matches(@"mode=0?600\b", ipcs);
        Assert.Contains("cbytes=5", ipcs, StringComparison.Ordinal);
        Assert.Contains($"qbytes={status.MaxBytes}", ipcs, StringComparison.Ordinal);
        Assert.Contains("qnum=2", ipcs, StringComparison.Ordinal);
        Assert.Contains($"lspid={Environment.ProcessId}", ipcs, StringComparison.Ordinal);

        (string lsipc, _) = Peer.Run("lsipc", ["-q", "-i", Text(_there.Id), "--json"]);
        JsonElement queue = JsonDocument.Parse(lsipc).RootElement.EnumerateObject().First().Value[0];
        Assert.Equal(_key.ToString(), queue.GetProperty("key").GetString());
        Assert.Equal("2", queue.GetProperty("msgs").ToString());
    }

    [Fact]
    public void What_ipcmk_makes_is_opened_and_what_is_made_here_ipcrm_removes()
    {
        string id = Regex.Match(Peer.Run("ipcmk", ["-Q", "-p", "0640"]).Output, @"\d+").Value;
        SystemVMessageQueue made = SystemVMessageQueue.Open(int.Parse(id, CultureInfo.InvariantCulture));
        SystemVOwner owner = made.Stat().Owner;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, owner.Mode);
        Assert.Equal(made.Id, SystemVMessageQueue.Open(owner.Key).Id);
        Blocked receive = Blocked.In(() => Assert.Equal(Errno.EIDRM, Assert.Throws<PosixException>(() => made.Receive(_buffer)).Errno));
        Assert.Equal(("", 0), Peer.Run("ipcrm", ["-q", id]));
        receive.Join();
        Assert.Equal(("", 0), Peer.Run("ipcrm", ["-Q", _key.ToString()]));
        Assert.Throws<FileNotFoundException>(() => SystemVMessageQueue.Open(_key));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task ExchangeAsync(string program, params string[] arguments)
    {
        using Process peer = Process.Start(new ProcessStartInfo(program, [.. arguments, Text(_key.Value), Text(_backKey.Value)])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await peer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).OrHang());
        SystemVMessageQueue back = SystemVMessageQueue.Open(_backKey);
        Random random = new(1);
        byte[] sent = new byte[SizeMax];
        for (int i = 0; i <= Exchanges; i++)
        {
            ReadOnlySpan<byte> message = Next(i < Exchanges ? 1 + random.Next(SizeMax) : 0);
            // Python's types are C's int.
            long type = 1 + random.Next(int.MaxValue);
            _there.Send(message, type);
            Assert.True(back.TryReceive(_buffer, Child.Limit, out SystemVMessage echo));
            Assert.Equal(new SystemVMessage(message.Length, type), echo);
            Assert.True(_buffer.AsSpan(0, message.Length).SequenceEqual(message));
        }
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);

        ReadOnlySpan<byte> Next(int length)
        {
            random.NextBytes(sent.AsSpan(0, length));
            return sent.AsSpan(0, length);
        }
    }
}
