using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>How waiting ends, for children and for others.</summary>
public sealed class ProcessHandleWaitTests
{
    // Which kernels tell the code of a process that others have reaped.
    private static bool TellsExit => Environment.OSVersion.Version >= new Version(6, 15);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public async Task Exit_codes_arrive_sync_and_async(int code)
    {
        using ProcessHandle first = RawChild.Handle(RawChild.Start($"exit {code}"));
        Assert.Equal(code, first.Wait().Code);
        using ProcessHandle second = RawChild.Handle(RawChild.Start($"exit {code}"));
        Assert.Equal(code, (await second.WaitAsync().OrHang()).Code);
    }

    [Fact]
    public void A_killed_child_tells_the_signal()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        Assert.True(child.Send(Signal.SIGKILL));
        ExitStatus status = child.Wait();
        Assert.Equal(Signal.SIGKILL, status.Signal);
        Assert.Null(status.Code);
        Assert.Equal(137, status.ShellCode);
        Assert.False(status.CoreDumped);
    }

    [Fact]
    public void A_core_dump_is_told()
    {
        // Into the current directory or to the machine's handler: the flag is set by either, and so is it when the pattern
        // cannot be written, in which case the test has nothing to look at.
        using TemporaryDirectory directory = new();
        using ProcessHandle child = RawChild.Handle(
            RawChild.Start($"cd {directory.Root} && ulimit -c unlimited && kill -QUIT $$; exec sleep 1000"));
        // Where no core may be written it sleeps.
        Assert.True(child.TryWait(Child.Limit, out ExitStatus status));
        Assert.Equal(Signal.SIGQUIT, status.Signal);
        if (!File.ReadAllText("/proc/sys/kernel/core_pattern").StartsWith('|'))
        {
            Assert.Equal(Directory.EnumerateFiles(directory.Root, "core*").Any(), status.CoreDumped);
        }
    }

    [Fact]
    public void A_child_tells_what_it_used()
    {
        Birth birth = Birth.Now;
        using ProcessHandle child = ProcessHandle.OfChild(
            RawChild.Start("i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done"), birth);
        ExitStatus status = child.Wait();
        Assert.True(status.UserTime + status.SystemTime > TimeSpan.Zero);
        Assert.InRange(status.PeakMemory!.Value, 100_000, 1_000_000_000);
        Assert.True(status.Elapsed >= status.UserTime);
    }

    [Fact]
    public void TryWait_gives_up_at_its_timeout_and_the_child_can_still_be_awaited()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        Assert.False(child.TryWait(TimeSpan.Zero, out _));
        Assert.False(child.TryWait(TimeSpan.FromMilliseconds(20), out _));
        child.Send(Signal.SIGTERM);
        Assert.True(child.TryWait(Child.Limit, out ExitStatus status));
        Assert.Equal(Signal.SIGTERM, status.Signal);
        Assert.True(child.TryWait(TimeSpan.Zero, out ExitStatus again));
        Assert.Equal(status, again);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_child_to_be_reaped()
    {
        int pid = RawChild.Start("exec sleep 1000");
        using ProcessHandle child = RawChild.Handle(pid);
        using CancellationTokenSource cancel = new();
        Task<ExitStatus> wait = child.WaitAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => child.WaitAsync(cancel.Token).AsTask());

        child.Send(Signal.SIGKILL);

        Assert.Equal(Signal.SIGKILL, (await child.WaitAsync().OrHang()).Signal);
        Assert.True(RawChild.IsGone(pid));
    }

    [Fact]
    public async Task Many_waiters_of_all_kinds_get_the_same_status()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        Task<ExitStatus>[] waiters =
        [
            .. Enumerable.Range(0, 50).Select(_ => child.WaitAsync().AsTask()),
            .. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                child.Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
        child.Send(Signal.SIGKILL);
        ExitStatus[] all = await Task.WhenAll(waiters).OrHang();
        Assert.Single(all.Distinct());
        Assert.Equal(Signal.SIGKILL, all[0].Signal);
    }

    [Fact]
    public async Task Dispose_ends_async_waits()
    {
        ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Task<ExitStatus> wait = self.WaitAsync().AsTask();
        self.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => wait.OrHang());
    }

    [Fact]
    public async Task A_child_that_somebody_else_reaped_is_not_waited_for_in_vain()
    {
        int pid = RawChild.Start("exit 5");
        using ProcessHandle child = RawChild.Handle(pid);
        RawChild.Reap(pid);
        ExitStatus status = child.Wait();
        Assert.Equal(status, await child.WaitAsync().OrHang());
        AssertCode(5, status);
        Assert.Null(status.PeakMemory);
    }

    [Fact]
    public async Task A_process_that_is_not_our_child_is_awaited()
    {
        using Child parent = Child.Start(ParentBody, "7");
        using ProcessHandle grandchild = ProcessHandle.Open(int.Parse(parent.ReadLine(), null));
        Task<ExitStatus> wait = grandchild.WaitAsync().AsTask();
        Assert.False(grandchild.TryWait(TimeSpan.Zero, out _));
        Assert.False(wait.IsCompleted);

        parent.WriteLine("go on");
        parent.WriteLine("reap");

        ExitStatus status = await wait.OrHang();
        parent.WaitForExit();
        AssertCode(7, grandchild.Wait());
        Assert.True(status == grandchild.Wait() || !status.IsKnown);
        Assert.Null(status.PeakMemory);
    }

    [Fact]
    public async Task A_zombie_that_its_parent_leaves_has_ended_with_an_unknown_status_until_it_is_reaped()
    {
        using Child parent = Child.Start(ParentBody, "7");
        using ProcessHandle grandchild = ProcessHandle.Open(int.Parse(parent.ReadLine(), null));
        parent.WriteLine("go on");

        Assert.Equal(ExitStatus.Unknown, await grandchild.WaitAsync().OrHang());
        Assert.Equal(ExitStatus.Unknown, grandchild.Wait());
        Assert.True(grandchild.HasExited);
        Assert.False(grandchild.Send(Signal.SIGTERM));

        parent.WriteLine("reap");
        parent.WaitForExit();
        AssertCode(7, grandchild.Wait());
    }

    [Fact]
    public void With_SIGCHLD_ignored_the_kernel_reaps_and_nobody_hangs()
    {
        string[] command = [Environment.ProcessPath!, .. Child.Arguments(IgnoredBody)];
        (string output, int exitCode) = Peer.Run("sh", ["-c", "trap '' CHLD; exec \"$@\"", "sh", .. command]);
        Assert.Equal(TellsExit ? "exited with 3, exited with 4\n" : $"{ExitStatus.Unknown}, {ExitStatus.Unknown}\n", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task A_child_that_a_debugger_holds_is_awaited_until_it_lets_go()
    {
        using TemporaryDirectory directory = new();
        Assert.Equal(("", 0), Peer.Run("gcc", ["-x", "c", "-o", directory["tracer"], "-"], Tracer));
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        using Process tracer = Process.Start(new ProcessStartInfo(directory["tracer"], [$"{child.Id}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("tracing", await tracer.StandardOutput.ReadLineAsync().OrHang());
        Task<ExitStatus> async = child.WaitAsync().AsTask();
        Task<ExitStatus> sync = Task.Factory.StartNew(
            child.Wait, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        child.Send(Signal.SIGKILL);
        await Eventually.IsTrue(() => child.ReadStat().IsZombie);
        Assert.False(child.TryWait(TimeSpan.FromMilliseconds(20), out _));
        Assert.False(async.IsCompleted || sync.IsCompleted);
        tracer.StandardInput.Close();

        Assert.Equal(Signal.SIGKILL, (await async.OrHang()).Signal);
        Assert.Equal(Signal.SIGKILL, (await sync.OrHang()).Signal);
        Assert.True(tracer.WaitForExit(Child.Limit));
    }

    private const string Tracer = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/ptrace.h>
        int main(int count, char **arguments)
        {
            if (ptrace(PTRACE_SEIZE, atoi(arguments[1]), 0, 0) != 0)
                return 1;
            puts("tracing");
            fflush(stdout);
            getchar();
            return 0;
        }
        """;

    private static void ParentBody(string[] args)
    {
        int pid = RawChild.Start($"read line; exit {args[0]}");
        Console.WriteLine(pid);
        // The grandchild has taken the first line, or takes it from the same pipe.
        using (ProcessHandle child = ProcessHandle.Open(pid))
        {
            child.Wait();
        }
        Console.ReadLine();
        RawChild.Reap(pid);
    }

    private static void IgnoredBody(string[] args)
    {
        // They end when they are known: the kernel reaps them at once.
        using TemporaryDirectory directory = new();
        using ProcessHandle first = RawChild.Handle(RawChild.StartAwaiting(directory["known"], "exit 3"));
        using ProcessHandle second = RawChild.Handle(RawChild.StartAwaiting(directory["known"], "exit 4"));
        Task<ExitStatus> status = second.WaitAsync().AsTask();
        File.WriteAllText(directory["known"], "");
        Console.WriteLine($"{first.Wait()}, {status.GetAwaiter().GetResult()}");
    }

    private static void AssertCode(int code, ExitStatus status)
    {
        if (TellsExit)
        {
            Assert.Equal(code, status.Code);
        }
        else
        {
            Assert.Equal(ExitStatus.Unknown, status);
        }
    }
}
