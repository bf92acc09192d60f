using System.Runtime.CompilerServices;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>Opening, identity, and what becomes of children.</summary>
public sealed class ProcessHandleTests
{
    [Fact]
    public void Open_of_this_process_gives_its_identity()
    {
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.Equal(Environment.ProcessId, self.Id);
        Assert.Equal(ProcessIdentity.Current, self.Identity);
        Assert.False(self.HasExited);
    }

    [Fact]
    public void Open_of_a_number_that_nobody_has_throws_ESRCH()
    {
        int pid = RawChild.Start("exit 0");
        RawChild.Reap(pid);

        Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => ProcessHandle.Open(pid)).Errno);
        Assert.False(ProcessHandle.TryOpen(pid, out _));
    }

    [Fact]
    public void FromHandle_takes_a_pidfd_and_nothing_else()
    {
        using ProcessHandle self = ProcessHandle.FromHandle(LibC.Check(LibC.pidfd_open(Environment.ProcessId, 0)));
        Assert.Equal(ProcessIdentity.Current, self.Identity);
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Assert.Throws<ArgumentException>(() => ProcessHandle.FromHandle(file));
        Assert.False(file.IsClosed);
    }

    [Fact]
    public void FromHandle_of_a_process_that_was_reaped_throws_ESRCH()
    {
        int pid = RawChild.Start("exit 0");
        using SafeFileHandle pidfd = LibC.Check(LibC.pidfd_open(pid, 0));
        RawChild.Reap(pid);
        Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => ProcessHandle.FromHandle(pidfd)).Errno);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Open_of_what_is_no_number_of_a_process_throws(int pid) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessHandle.Open(pid));

    [Fact]
    public void Open_of_a_thread_throws_and_says_so()
    {
        int thread = Directory.EnumerateDirectories("/proc/self/task").Select(path => int.Parse(Path.GetFileName(path), null))
            .First(id => id != Environment.ProcessId);
        PosixException error = Assert.Throws<PosixException>(() => ProcessHandle.Open(thread));
        Assert.Equal(Errno.ESRCH, error.Errno);
        Assert.Contains("thread", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_by_identity_refuses_any_other_start_time_namespace_or_boot()
    {
        ProcessIdentity self = ProcessIdentity.Current;
        using (ProcessHandle process = ProcessHandle.Open(self))
        {
            Assert.Equal(self, process.Identity);
        }
        Assert.All(
            [self with { StartTime = self.StartTime + 1 }, self with { PidNamespace = 1 }, self with { BootId = default }],
            other =>
            {
                Assert.False(ProcessHandle.TryOpen(other, out _));
                Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => ProcessHandle.Open(other)).Errno);
            });
    }

    [Fact]
    public void A_child_is_reaped_by_its_handle()
    {
        int pid = RawChild.Start("exit 0");
        using ProcessHandle child = RawChild.Handle(pid);
        child.Wait();
        Assert.True(RawChild.IsGone(pid));
    }

    [Fact]
    public void A_handle_that_was_opened_leaves_the_zombie_to_whom_it_belongs()
    {
        int pid = RawChild.Start("exit 3");
        using (ProcessHandle child = ProcessHandle.Open(pid))
        {
            Assert.Equal(3, child.Wait().Code);
        }
        Assert.Equal(3, RawChild.Reap(pid));
    }

    [Fact]
    public async Task A_child_is_reaped_after_its_handle_was_disposed_before_it_ended()
    {
        int pid = RawChild.Start("exec sleep 1000");
        using ProcessHandle watcher = ProcessHandle.Open(pid);
        RawChild.Handle(pid).Dispose();

        Assert.True(watcher.Send(Signal.SIGKILL));

        Assert.Equal(Signal.SIGKILL, (await watcher.WaitAsync().OrHang()).Signal);
        await Eventually.IsTrue(() => RawChild.IsGone(pid));
    }

    [Fact]
    public void A_child_is_reaped_when_its_handle_is_disposed_after_it_ended()
    {
        int pid = RawChild.StartAndAwaitZombie("exit 0");
        RawChild.Handle(pid).Dispose();
        Assert.True(RawChild.IsGone(pid));
    }

    [Fact]
    public async Task A_child_is_reaped_when_nobody_disposes_its_handle()
    {
        int pid = RawChild.Start("exit 0");
        Forget(pid);

        await Eventually.IsTrue(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return RawChild.IsGone(pid);
        });

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(int pid) => RawChild.Handle(pid);
    }

    [Fact]
    public async Task A_child_is_reaped_when_its_handle_was_forgotten_after_a_wait_that_was_cancelled()
    {
        int pid = RawChild.Start("exec sleep 1000");
        using ProcessHandle watcher = ProcessHandle.Open(pid);
        WeakReference handle = await ForgetAsync(pid);
        await Eventually.IsTrue(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !handle.IsAlive;
        });

        watcher.Send(Signal.SIGKILL);

        await Eventually.IsTrue(() => RawChild.IsGone(pid));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static async Task<WeakReference> ForgetAsync(int pid)
        {
            ProcessHandle child = RawChild.Handle(pid);
            using CancellationTokenSource cancel = new();
            Task wait = child.WaitAsync(cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
            return new WeakReference(child);
        }
    }

    [Fact]
    public void A_child_that_was_reaped_before_it_could_be_opened_has_an_unknown_status()
    {
        int pid = RawChild.Start("exit 0");
        RawChild.Reap(pid);

        using ProcessHandle child = RawChild.Handle(pid);

        Assert.True(child.HasExited);
        Assert.Equal(ExitStatus.Unknown, child.Wait());
        Assert.False(child.Send(Signal.SIGTERM));
        Assert.False(child.SendToGroup(Signal.SIGTERM));
    }

    [Fact]
    public void Hundreds_of_children_leave_no_zombie()
    {
        // The leak check at the end of the run counts the descriptors.
        List<int> pids = [];
        for (int i = 0; i < 200; i++)
        {
            int pid = RawChild.Start("/bin/true");
            pids.Add(pid);
            using ProcessHandle child = RawChild.Handle(pid);
            Assert.True(child.Wait().IsSuccess);
        }
        Assert.All(pids, pid => Assert.True(RawChild.IsGone(pid)));
    }

    [Fact]
    public void A_disposed_handle_refuses_all_but_dispose()
    {
        ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        self.Dispose();
        self.Dispose();
        Assert.Throws<ObjectDisposedException>(() => self.HasExited);
        Assert.Throws<ObjectDisposedException>(() => self.Wait());
        Assert.Throws<ObjectDisposedException>(() => self.Send(Signal.SIGTERM));
        Assert.Throws<ObjectDisposedException>(() => self.SendToGroup(Signal.SIGTERM));
    }

    [Fact]
    public void A_descriptor_of_a_process_is_not_inherited()
    {
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        (string output, _) = Peer.Run("ls", ["-l", "/proc/self/fd"]);
        Assert.DoesNotContain("pidfd", output, StringComparison.Ordinal);
    }
}
