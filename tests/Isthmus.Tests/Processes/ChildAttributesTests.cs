using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>Attributes that posix_spawn does not know, as the kernel shows them of the child; this process keeps its
/// own.</summary>
public sealed class ChildAttributesTests
{
    private const uint Nobody = 65534;

    [Fact]
    public async Task Umask_is_the_childs_only()
    {
        uint ours = Umask();
        Assert.Contains("Umask:\t0027\n", await StatusAsync(options => options with
        {
            Umask = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute,
        }), StringComparison.Ordinal);
        Assert.Equal(ours, Umask());
    }

    [Fact]
    public async Task Nice_is_the_childs_only()
    {
        Assert.Equal("7\n", await RunAsync("nice", options => options with { Nice = 7 }));
        Assert.Equal("0\n", await RunAsync("nice", options => options));
    }

    [Theory]
    [InlineData(-21)]
    [InlineData(20)]
    public void Nice_out_of_range_is_refused(int nice) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ChildProcess.Start(ChildProcessTests.Shell(":") with { Nice = nice }));

    [Fact]
    public async Task Affinity_is_the_childs_only()
    {
        Assert.Contains("Cpus_allowed_list:\t0\n", await StatusAsync(options => options with { Affinity = new CpuSet(0) }), StringComparison.Ordinal);
        Assert.DoesNotContain("Cpus_allowed_list:\t0\n", await StatusAsync(options => options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_are_set()
    {
        string chrt = Peer.Require("chrt");
        string batch = await RunAsync($"{chrt} -p $$", options => options with { SchedulingPolicy = SchedulingPolicy.Batch });
        Assert.Contains("SCHED_BATCH", batch, StringComparison.Ordinal);
        // In a process of its own, and with a child that does nothing: on a busy machine what is idle holds up whoever waits for it.
        using Child starter = Child.Start(IdleBody);
        Assert.Equal("policy 5", starter.ReadLine()); // SCHED_IDLE.
    }

    [Fact]
    public void A_priority_without_a_policy_is_refused() => Assert.Throws<ArgumentException>(
        () => ChildProcess.Start(new ChildProcessOptions { FileName = "/bin/true", SchedulingPriority = 1 }));

    [Fact]
    public async Task A_real_time_policy_has_a_priority()
    {
        RequireRoot();
        string chrt = Peer.Require("chrt");
        string text = await RunAsync($"{chrt} -p $$", options => options with { SchedulingPolicy = SchedulingPolicy.Fifo, SchedulingPriority = 3 });
        Assert.Contains("SCHED_FIFO", text, StringComparison.Ordinal);
        Assert.Contains("priority: 3\n", text, StringComparison.Ordinal);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(
            () => ChildProcess.Start(ChildProcessTests.Shell(":") with { SchedulingPolicy = SchedulingPolicy.Fifo })).Errno);
    }

    [Fact]
    public async Task Limits_hold_before_the_program_runs()
    {
        string limits = await RunAsync("cat /proc/self/limits", options => options with
        {
            Limits = [new ResourceLimit(LimitedResource.DescriptorCount, 256, 512), new ResourceLimit(LimitedResource.CoreSize, 0)],
        });
        Assert.Matches(@"Max open files +256 +512 ", limits);
        Assert.Matches(@"Max core file size +0 +0 ", limits);
        Assert.Matches(@"Max cpu time +unlimited +unlimited ", limits);
    }

    // Whatever holds the child before its program must not need a number that the limit forbids.
    [Fact]
    public async Task A_limit_of_descriptors_may_be_lower_than_the_numbers_that_this_process_has()
    {
        SafeFileHandle[] many = [.. Enumerable.Range(0, 100).Select(_ => File.OpenHandle("/dev/null"))];
        string limits = await RunAsync("cat /proc/self/limits", options => options with
        {
            Limits = [new ResourceLimit(LimitedResource.DescriptorCount, 32, 32)],
        });
        Array.ForEach(many, each => each.Dispose());
        Assert.Matches(@"Max open files +32 +32 ", limits);
    }

    [Fact]
    public void A_limit_that_may_not_be_raised_is_EPERM_and_the_program_never_runs()
    {
        using TemporaryDirectory directory = new();
        ResourceLimit low = new(LimitedResource.MessageQueueBytes, 100, 50);
        PosixException error = Assert.Throws<PosixException>(
            () => ChildProcess.Start(ChildProcessTests.Shell($"touch {directory["ran"]}") with { Limits = [low] }));
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.False(File.Exists(directory["ran"]));
    }

    [Fact]
    public void A_held_start_that_fails_tells_the_same_error() => Assert.Throws<FileNotFoundException>(() => ChildProcess.Start(
        new ChildProcessOptions { FileName = "/no/such/program", Limits = [new ResourceLimit(LimitedResource.CoreSize, 0)], DiesWithParent = true }));

    [Fact]
    public async Task User_and_groups_are_dropped_exactly()
    {
        RequireRoot();
        string status = await StatusAsync(options => options with
        {
            User = new UserCredentials(Nobody, Nobody) { SupplementaryGroups = [1, 2] },
            Limits = [new ResourceLimit(LimitedResource.CoreSize, 0)], // Through the gate, as another user.
        });
        Assert.Contains("Uid:\t65534\t65534\t65534\t65534\n", status, StringComparison.Ordinal);
        Assert.Contains("Gid:\t65534\t65534\t65534\t65534\n", status, StringComparison.Ordinal);
        Assert.Contains("Groups:\t1 2 \n", status, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000\n", status, StringComparison.Ordinal);
        Assert.Equal(0u, LibC.geteuid());
        // Another test's start as another user takes it for a moment.
        await Eventually.IsTrue(() => LibC.prctl(LibC.PR_GET_DUMPABLE, 0) == 1);
    }

    [Fact]
    public async Task All_groups_are_dropped_unless_named()
    {
        RequireRoot();
        string status = await StatusAsync(options => options with { User = new UserCredentials(Nobody, Nobody) });
        Assert.Contains("Groups:\t \n", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_thread_keeps_its_user_while_children_drop_theirs()
    {
        RequireRoot();
        Task<string>[] starts = [.. Enumerable.Range(0, 20).Select(_ => Task.Run(
            () => StatusAsync(options => options with { User = new UserCredentials(Nobody, Nobody), Umask = UnixFileMode.OtherWrite })))];
        Assert.All(await Task.WhenAll(starts).OrHang(), status => Assert.Contains("Uid:\t65534\t", status, StringComparison.Ordinal));
        // The kernel's thread outlives a moment the one that was joined.
        await Eventually.IsTrue(() => Directory.EnumerateDirectories("/proc/self/task").All(
            thread => ReadOrDefault(thread + "/status").Contains("Uid:\t0\t0\t0\t0\n", StringComparison.Ordinal)));
    }

    private static void IdleBody(string[] args)
    {
        using ChildProcess child = ChildProcess.Start(
            new ChildProcessOptions { FileName = "sleep", Arguments = ["1000"], SchedulingPolicy = SchedulingPolicy.Idle });
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{child.Id}/stat"));
        child.Kill();
        // Behind the name stands field 3; the policy is field 41.
        Console.WriteLine("policy " + stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[41 - 3]);
        child.Wait();
    }

    private static string ReadOrDefault(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "Uid:\t0\t0\t0\t0\n"; // The thread has ended.
        }
    }

    private static Task<string> StatusAsync(Func<ChildProcessOptions, ChildProcessOptions> change) => RunAsync("cat /proc/self/status", change);

    private static Task<string> RunAsync(string script, Func<ChildProcessOptions, ChildProcessOptions> change) =>
        ChildProcessTests.ShellAsync(script, change);

    private static uint Umask()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Umask:", StringComparison.Ordinal));
        return Convert.ToUInt32(line[6..].Trim(), 8);
    }

    private static void RequireRoot()
    {
        if (LibC.geteuid() != 0)
        {
            Assert.Skip("Only root may start children as another user.");
        }
    }
}
