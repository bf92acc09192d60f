using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Semaphores;

/// <summary>The other side is C, Python's sysv_ipc, or util-linux.</summary>
public sealed class SystemVSemaphoreSetInteropTests : IDisposable
{
    private const int Exchanges = 1000;

    // Both peers: KEY BACK-KEY; open ours, make their own, and answer each time: as many units as they found.
    private const string C = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/sem.h>
        int main(int argc, char **argv) {
            int there = semget(strtol(argv[1], NULL, 0), 0, 0), back = semget(strtol(argv[2], NULL, 0), 1, IPC_CREAT | IPC_EXCL | 0600);
            union { int val; } zero = { 0 };
            struct sembuf first = { 0, 0, 0 };
            if (there < 0 || back < 0 || semctl(back, 0, SETVAL, zero) || semop(back, &first, 1)) return 1;
            puts("ready"); fflush(stdout);
            for (int i = 0; i < 1000; i++) {
                struct sembuf one = { 0, -1, SEM_UNDO }, rest = { 0, 0, IPC_NOWAIT }, answer = { 0, 1, 0 };
                if (semop(there, &one, 1)) return 2;
                int more = semctl(there, 0, GETVAL);
                rest.sem_op = -more;
                if (more && semop(there, &rest, 1)) return 3;
                answer.sem_op = more + 1;
                if (semop(back, &answer, 1)) return 4;
            }
            return 0;
        }
        """;

    private const string Python = """
        import sys, sysv_ipc
        there = sysv_ipc.Semaphore(int(sys.argv[1]))
        back = sysv_ipc.Semaphore(int(sys.argv[2]), sysv_ipc.IPC_CREX, 0o600, 0)
        print('ready', flush = True)
        for i in range(1000):
            there.acquire()
            more = there.value
            if more: there.acquire(0, more)
            back.release(more + 1)
        """;

    private readonly TemporarySemaphoreSet _there = new(0);
    private readonly SystemVKey _backKey = new(Random.Shared.Next(1, int.MaxValue));

    public void Dispose()
    {
        _there.Dispose();
        TemporarySemaphoreSet.Remove(_backKey);
    }

    [Fact]
    public async Task C_takes_and_gives_as_many_units()
    {
        using TemporaryDirectory directory = new();
        Assert.Equal(("", 0), Peer.Run("gcc", ["-Wall", "-Werror", "-O1", "-x", "c", "-", "-o", directory["peer"]], C));
        await ExchangeAsync(directory["peer"]);
        // The units that it took with SEM_UNDO came back when it ended.
        Assert.Equal(Exchanges, _there.Set.GetValue(0));
    }

    [Fact]
    public Task Python_takes_and_gives_as_many_units()
    {
        // The module is the distribution's, which another python3 in PATH does not see.
        const string Interpreter = "/usr/bin/python3";
        (_, int exitCode) = Peer.Run(File.Exists(Interpreter) ? Interpreter : "python3", ["-c", "import sysv_ipc"]);
        Assert.SkipWhen(exitCode != 0 && Environment.GetEnvironmentVariable("ISTHMUS_REQUIRE_PEERS") != "1", "python3-sysv-ipc is not installed.");
        return ExchangeAsync(Interpreter, "-c", Python);
    }

    [Fact]
    public void Ipcs_and_lsipc_tell_the_same()
    {
        _there.Set.Release(0, 3);
        (string ipcs, int exitCode) = Peer.Run("ipcs", ["-s", "-i", Text(_there.Set.Id)]);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"mode=0?600\b", ipcs);
        Assert.Contains("nsems = 1", ipcs, StringComparison.Ordinal);
        Assert.Matches($@"(?m)^0\s+3\s+0\s+0\s+{Environment.ProcessId}\s*$", ipcs);

        (string lsipc, _) = Peer.Run("lsipc", ["-s", "-i", Text(_there.Set.Id), "--json"]);
        JsonElement set = JsonDocument.Parse(lsipc).RootElement.EnumerateObject().First().Value[0];
        Assert.Equal(_there.Key.ToString(), set.GetProperty("key").GetString());
        Assert.Equal("1", set.GetProperty("nsems").ToString());
    }

    [Fact]
    public void What_ipcmk_makes_is_opened_and_what_is_made_here_ipcrm_removes()
    {
        string id = Regex.Match(Peer.Run("ipcmk", ["-S", "3", "-p", "0640"]).Output, @"\d+").Value;
        SystemVSemaphoreSet made = SystemVSemaphoreSet.Open(int.Parse(id, CultureInfo.InvariantCulture));
        SystemVSemaphoreSetStatus status = made.Stat();
        Assert.Equal((3, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead), (status.Count, status.Owner.Mode));
        Assert.Equal(made.Id, SystemVSemaphoreSet.Open(status.Owner.Key, new() { AcceptUninitialized = true }).Id);
        Blocked waiter = Blocked.In(() => Assert.Equal(Errno.EIDRM, Assert.Throws<PosixException>(() => made.Acquire(2)).Errno));
        Assert.Equal(("", 0), Peer.Run("ipcrm", ["-s", id]));
        waiter.Join();
        Assert.Equal(("", 0), Peer.Run("ipcrm", ["-S", _there.Key.ToString()]));
        Assert.Throws<FileNotFoundException>(() => SystemVSemaphoreSet.Open(_there.Key));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task ExchangeAsync(string program, params string[] arguments)
    {
        using Process peer = Process.Start(new ProcessStartInfo(program, [.. arguments, Text(_there.Key.Value), Text(_backKey.Value)])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("ready", await peer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).OrHang());
        SystemVSemaphoreSet back = SystemVSemaphoreSet.Open(_backKey, new() { AcceptUninitialized = true });
        for (int i = 0; i < Exchanges; i++)
        {
            int units = 1 + (i % 100);
            _there.Set.Release(0, units);
            Assert.True(back.TryAcquire(Child.Limit, 0, units));
            Assert.Equal(0, back.GetValue(0));
        }
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);
    }
}
