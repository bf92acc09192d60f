using System.Globalization;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Processes;

public sealed class ProcessDetailTests
{
    private const string Threads = """
        #include <pthread.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <unistd.h>
        static void *body(void *unused) { char stack[100000]; memset(stack, 1, sizeof stack); for (;;) pause(); }
        static void ignore(int number) { }
        int main(void) {
            pthread_t threads[2];
            sigset_t blocked;
            signal(SIGUSR1, ignore); signal(SIGUSR2, SIG_IGN);
            sigemptyset(&blocked); sigaddset(&blocked, SIGHUP); sigaddset(&blocked, SIGTERM); sigprocmask(SIG_BLOCK, &blocked, 0);
            for (int i = 0; i < 2; i++) pthread_create(&threads[i], 0, body, 0);
            kill(getpid(), SIGTERM); pthread_kill(pthread_self(), SIGHUP);
            memset(mmap(0, 3 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), 1, 2 << 20);
            memset(mmap(0, 5 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1, 4 << 20);
            malloc(50000);
            puts("ready"); fflush(stdout);
            for (;;) pause();
        }
        """;

    [Fact]
    public async Task The_address_space_is_told_by_kinds()
    {
        using Actor actor = Actor.C(Threads);
        List<MemoryRange> ranges = [];
        await Eventually.IsTrue(() =>
        {
            ranges = [.. Read(actor.Id).Memory!];
            return ranges.Count(range => range.Kind == MemoryKind.ThreadStack) == 2;
        });
        Assert.Equal(Enum.GetValues<MemoryKind>().Except([MemoryKind.MappedFile]).ToHashSet(), ranges.Select(range => range.Kind).ToHashSet());
        Assert.Equal(3L << 20, Sum(MemoryKind.SharedMemory, range => range.Length));
        Assert.Equal(2L << 20, Sum(MemoryKind.SharedMemory, range => range.ResidentBytes));
        Assert.InRange(Sum(MemoryKind.Anonymous, range => range.ResidentBytes), 4L << 20, 6L << 20);
        Assert.All(ranges.Where(range => range.Kind == MemoryKind.ThreadStack), range => Assert.InRange(range.ResidentBytes, 100_000, 1 << 20));
        Assert.All(ranges.Where(range => range.Kind == MemoryKind.Text), range => Assert.Equal("r-xp", range.Access));
        string total = File.ReadLines($"/proc/{actor.Id}/smaps_rollup").Single(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        long rss = long.Parse(total.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        Assert.InRange(ranges.Sum(range => range.ResidentBytes), rss - (64 << 10), rss + (64 << 10));

        long Sum(MemoryKind kind, Func<MemoryRange, long> value) => ranges.Where(range => range.Kind == kind).Sum(value);
    }

    [Fact]
    public void Signals_are_decoded_for_each_thread()
    {
        using Actor actor = Actor.C(Threads);
        IReadOnlyList<SignalState> states = Read(actor.Id).Signals!;
        Assert.Equal(3, states.Count);
        Assert.Contains(Signal.SIGUSR1, states[0].Caught);
        Assert.DoesNotContain(Signal.SIGUSR2, states[0].Caught);
        Assert.Contains(Signal.SIGUSR2, states[0].Ignored);
        Assert.Equal([Signal.SIGHUP, Signal.SIGTERM], states[0].Blocked);
        Assert.Equal([Signal.SIGHUP], states[0].Pending);
        Assert.All(states, state => Assert.Equal([Signal.SIGTERM], state.SharedPending));
        Assert.Empty(states[1].Pending);
        Assert.Equal(actor.Id, states[0].ThreadId);
    }

    [Fact]
    public void Limits_are_those_of_prlimit()
    {
        using Actor actor = Actor.Python("import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (100, 200)); say(1); ask()");
        Assert.Equal("1", actor.ReadLine());
        IReadOnlyList<ResourceLimit> limits = Read(actor.Id).Limits!;
        Assert.Contains(new ResourceLimit(LimitedResource.DescriptorCount, 100, 200), limits);
        string pid = actor.Id.ToString(CultureInfo.InvariantCulture);
        (string output, int _) = Peer.Run("prlimit", ["--pid", pid, "--raw", "--noheadings", "--output", "RESOURCE,SOFT,HARD"]);
        string[] theirs =
        [
            .. from line in output.TrimEnd('\n').Split('\n')
               let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
               // Of no effect since Linux 2.4.
               where words[0] is not ("LOCKS" or "RSS")
               select $"{words[1]} {words[2]}",
        ];
        Assert.Equal(theirs.Order(), limits.Select(limit => $"{Text(limit.Soft)} {Text(limit.Hard)}").Order());

        static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
    }

    [Fact]
    public void Links_namespaces_and_control_groups_are_those_of_proc()
    {
        using Actor actor = Actor.Python("os.chdir('/usr'); say(1); ask()");
        Assert.Equal("1", actor.ReadLine());
        ProcessDetail detail = Read(actor.Id);
        Assert.Equal(("/usr", "/"), (detail.WorkingDirectory, detail.Root));
        Assert.Equal(new FileInfo($"/proc/{actor.Id}/exe").LinkTarget, detail.Executable);
        Assert.Equal(File.ReadAllLines($"/proc/{actor.Id}/cgroup"), detail.ControlGroups);
        Assert.Equal(new FileInfo($"/proc/{actor.Id}/ns/net").LinkTarget, $"net:[{detail.Namespaces!["net"]}]");
        Assert.NotNull(detail.ReadBytes);
        Assert.NotNull(detail.WrittenBytes);
    }

    [Fact]
    public void A_later_process_with_the_same_number_is_not_taken_for_it()
    {
        ProcessNode self = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.None }).FindProcess(Environment.ProcessId)!;
        Assert.Null(ProcessDetail.Read(self with { StartTime = self.StartTime - 1 }));
    }

    [Fact]
    public void Users_have_names()
    {
        Assert.Equal("root", UserNames.Of(0));
        Assert.Equal("4000000000", UserNames.Of(4_000_000_000));
    }

    private static ProcessDetail Read(int processId) =>
        ProcessDetail.Read(Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.None, ProcessIds = [processId] }).FindProcess(processId)!)!;
}
