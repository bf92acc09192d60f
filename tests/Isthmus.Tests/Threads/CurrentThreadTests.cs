using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Threads;

/// <summary>Each on a thread of its own, as what is set stays on the thread.</summary>
public sealed class CurrentThreadTests
{
    [Fact]
    public void Id_is_the_kernels() => OnThread(() =>
    {
        Assert.NotEqual(Environment.ProcessId, CurrentThread.Id);
        Assert.True(Directory.Exists($"/proc/self/task/{CurrentThread.Id}"));
    });

    [Fact]
    public void Name_is_what_the_kernel_shows() => OnThread(() =>
    {
        CurrentThread.Name = "a (b) c";
        Assert.Equal("a (b) c", CurrentThread.Name);
        Assert.Equal("a (b) c\n", File.ReadAllText($"/proc/self/task/{CurrentThread.Id}/comm"));
        CurrentThread.Name = "";
        Assert.Equal("", CurrentThread.Name);
    });

    [Theory]
    [InlineData("sixteen bytes...")]
    [InlineData("fifteen chars é")]
    [InlineData("a\0b")]
    public void Name_that_the_kernel_would_cut_is_refused(string name) => OnThread(() =>
    {
        string before = CurrentThread.Name;
        Assert.Throws<ArgumentException>(() => CurrentThread.Name = name);
        Assert.Equal(before, CurrentThread.Name);
    });

    [Fact]
    public void Fifteen_bytes_fit() => OnThread(() =>
    {
        CurrentThread.Name = "fifteen bytes..";
        Assert.Equal("fifteen bytes..", CurrentThread.Name);
    });

    [Fact]
    public void Affinity_binds_to_a_cpu() => OnThread(() =>
    {
        CpuSet all = CurrentThread.Affinity;
        CpuSet last = new(all.Last());
        CurrentThread.Affinity = last;
        Assert.Equal(last, CurrentThread.Affinity);
        Assert.Equal(last.Single(), CurrentThread.Cpu);
        CurrentThread.Affinity = all;
        Assert.Equal(all, CurrentThread.Affinity);
    });

    [Fact]
    public void Affinity_to_no_existing_cpu_is_EINVAL() => OnThread(() =>
    {
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => CurrentThread.Affinity = new CpuSet(4000)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => CurrentThread.Affinity = new CpuSet()).Errno);
    });

    [Fact]
    public void Nice_is_the_threads_own() => OnThread(() =>
    {
        int before = CurrentThread.Nice;
        CurrentThread.Nice = before + 3;
        Assert.Equal(before + 3, CurrentThread.Nice);
        OnThread(() => Assert.Equal(before + 3, CurrentThread.Nice)); // Inherited.
    });

    [Fact]
    public void Nice_of_minus_one_is_a_value_and_not_an_error() => OnThread(() =>
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser may take more than its share.");
        CurrentThread.Nice = -1;
        Assert.Equal(-1, CurrentThread.Nice);
    });

    [Fact]
    public void Batch_and_idle_need_no_privilege()
    {
        // In a process of its own: on a busy machine an idle thread holds up whoever waits for it, as a collection of garbage does.
        using Child child = Child.Start(BatchAndIdleBody);
        Assert.Equal("Normal 0, Batch 0, Idle 0", child.ReadLine());
    }

    [Theory]
    [InlineData(SchedulingPolicy.Fifo)]
    [InlineData(SchedulingPolicy.RoundRobin)]
    public void Real_time_takes_a_priority_or_says_what_is_missing(SchedulingPolicy policy) => OnThread(() =>
    {
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => CurrentThread.SetScheduling(policy, 0)).Errno);
        try
        {
            CurrentThread.SetScheduling(policy, 2);
        }
        catch (UnauthorizedAccessException error)
        {
            Assert.Contains("CAP_SYS_NICE", error.Message, StringComparison.Ordinal);
            return;
        }
        Assert.Equal((policy, 2), (CurrentThread.Policy, CurrentThread.Priority));
    });

    [Fact]
    public void Cpu_time_grows_with_work_and_not_with_waiting() => OnThread(() =>
    {
        TimeSpan before = CurrentThread.CpuTime;
        while (CurrentThread.CpuTime - before < TimeSpan.FromMilliseconds(20))
        {
        }
        Stopwatch clock = Stopwatch.StartNew();
        TimeSpan worked = CurrentThread.CpuTime;
        using (ManualResetEventSlim never = new())
        {
            never.Wait(TimeSpan.FromMilliseconds(100));
        }
        Assert.True(CurrentThread.CpuTime - worked < clock.Elapsed);
        Assert.True(CurrentThread.UserTime + CurrentThread.SystemTime > TimeSpan.Zero);
    });

    [Fact]
    public void Waiting_is_a_voluntary_switch() => OnThread(() =>
    {
        long before = CurrentThread.VoluntarySwitches;
        using SemaphoreSlim never = new(0);
        // A thread that lost the CPU for that long finds the time over and need not wait; then it tries again.
        while (CurrentThread.VoluntarySwitches == before)
        {
            never.Wait(TimeSpan.FromMilliseconds(20));
        }
        Assert.True(CurrentThread.InvoluntarySwitches >= 0);
    });

    private static void BatchAndIdleBody(string[] args)
    {
        (SchedulingPolicy, int)[] seen = new (SchedulingPolicy, int)[3];
        OnThread(() =>
        {
            seen[0] = (CurrentThread.Policy, CurrentThread.Priority);
            CurrentThread.SetScheduling(SchedulingPolicy.Batch);
            seen[1] = (CurrentThread.Policy, CurrentThread.Priority);
            CurrentThread.SetScheduling(SchedulingPolicy.Idle);
            seen[2] = (CurrentThread.Policy, CurrentThread.Priority);
        });
        Console.WriteLine(string.Join(", ", seen.Select(each => $"{each.Item1} {each.Item2}")));
    }

    private static void OnThread(Action body)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(body));
        thread.Start();
        Assert.True(thread.Join(Child.Limit), "The thread did not end.");
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
