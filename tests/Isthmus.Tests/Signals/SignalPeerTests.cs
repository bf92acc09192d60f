using System.Diagnostics;
using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

/// <summary>C at the other end, by sigqueue(3) and sigwaitinfo(2).</summary>
public sealed class SignalPeerTests
{
    private const int Count = 1000;

    // Sends COUNT values to PID, or receives as many and prints them.
    private const string Program = """
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>

        int main(int argc, char **argv)
        {
            int signal = SIGRTMIN + 16, count = atoi(argv[1]);
            if (argc > 2) {
                for (int i = 0; i < count; i++) {
                    union sigval value = { .sival_int = i * 7919 - 50000 };
                    if (sigqueue(atoi(argv[2]), signal, value) != 0) { perror("sigqueue"); return 1; }
                }
                printf("%d\n", getpid());
                return 0;
            }
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, signal);
            sigprocmask(SIG_BLOCK, &set, NULL);
            printf("ready\n");
            fflush(stdout);
            for (int i = 0; i < count; i++) {
                siginfo_t info;
                if (sigwaitinfo(&set, &info) != signal) { perror("sigwaitinfo"); return 1; }
                printf("%d %d %d %d %p\n", info.si_code == SI_QUEUE, info.si_pid, info.si_uid, info.si_value.sival_int, info.si_value.sival_ptr);
            }
            return 0;
        }
        """;

    private static readonly Signal s_signal = Signal.RealTime(16);

    [Fact]
    public void Values_from_C_come_in_order()
    {
        using TemporaryDirectory directory = new();
        string program = Compile(directory);
        using SignalStream stream = SignalStream.Open(s_signal);
        (string output, int exitCode) = Peer.Run(program, [$"{Count}", $"{Environment.ProcessId}"]);
        Assert.Equal(0, exitCode);
        int sender = int.Parse(output, CultureInfo.InvariantCulture);
        for (int i = 0; i < Count; i++)
        {
            SignalInfo info = stream.ReceiveInTime();
            Assert.Equal((s_signal, SignalOrigin.Queue, (i * 7919) - 50000, sender), (info.Signal, info.Origin, info.Value!.Value, info.ProcessId!.Value));
        }
        Assert.False(stream.TryReceive(out _));
    }

    [Fact]
    public void Values_for_C_come_in_order()
    {
        using TemporaryDirectory directory = new();
        ProcessStartInfo start = new(Compile(directory), [$"{Count}"]) { RedirectStandardOutput = true };
        using Process peer = Process.Start(start)!;
        Assert.Equal("ready", peer.StandardOutput.ReadLine());
        using ProcessHandle process = ProcessHandle.Open(peer.Id);
        for (int i = 0; i < Count; i++)
        {
            Assert.True(process.Queue(s_signal, (i * 7919) - 50000));
        }
        for (int i = 0; i < Count; i++)
        {
            int value = (i * 7919) - 50000;
            Assert.Equal($"1 {Environment.ProcessId} {LibC.getuid()} {value} 0x{(nint)value:x}", peer.StandardOutput.ReadLine());
        }
        Assert.True(peer.WaitForExit(Child.Limit));
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public async Task A_flood_from_many_processes_loses_none_and_keeps_the_order_of_each()
    {
        const int Senders = 8;
        using TemporaryDirectory directory = new();
        string program = Compile(directory);
        using SignalStream stream = SignalStream.Open(s_signal);
        Task<(string Output, int ExitCode)>[] floods =
            [.. Enumerable.Range(0, Senders).Select(_ => Task.Run(() => Peer.Run(program, [$"{Count}", $"{Environment.ProcessId}"])))];
        Dictionary<int, int> received = [];
        for (int i = 0; i < Senders * Count; i++)
        {
            SignalInfo info = await stream.ReceiveAsync().OrHang();
            int next = received.GetValueOrDefault(info.ProcessId!.Value);
            Assert.Equal((next * 7919) - 50000, info.Value);
            received[info.ProcessId.Value] = next + 1;
        }
        Assert.All(await Task.WhenAll(floods).OrHang(), flood => Assert.Equal(0, flood.ExitCode));
        Assert.Equal(Enumerable.Repeat(Count, Senders), received.Values);
    }

    private static string Compile(TemporaryDirectory directory)
    {
        File.WriteAllText(directory["peer.c"], Program);
        Assert.Equal(("", 0), Peer.Run("gcc", ["-O1", "-Wall", directory["peer.c"], "-o", directory["peer"]]));
        return directory["peer"];
    }
}
