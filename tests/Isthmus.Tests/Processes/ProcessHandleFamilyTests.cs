using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

public sealed class ProcessHandleFamilyTests
{
    [Fact]
    public void A_child_knows_its_parent_and_the_parent_its_child()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        using (ProcessHandle? parent = child.OpenParent())
        {
            Assert.Equal(ProcessIdentity.Current, parent!.Identity);
        }
        IReadOnlyList<ProcessHandle> children = self.OpenChildren();
        Assert.Contains(children, each => each.Identity == child.Identity);
        foreach (ProcessHandle each in children)
        {
            each.Dispose();
        }
        child.Stop(TimeSpan.Zero);
    }

    [Fact]
    public async Task Name_and_threads_are_read()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        await Eventually.IsTrue(() => child.Name == "sleep");
        Assert.Equal(child.Id, Assert.Single(child.ReadThreads()).Id);
        Assert.Empty(child.OpenChildren());
        child.Stop(TimeSpan.Zero);
    }

    [Fact]
    public void A_zombie_still_has_a_name_and_a_parent()
    {
        int pid = RawChild.StartAndAwaitZombie("exit 0");
        using ProcessHandle zombie = ProcessHandle.Open(pid);
        Assert.Equal("sh", zombie.Name);
        using (ProcessHandle? parent = zombie.OpenParent())
        {
            Assert.Equal(Environment.ProcessId, parent!.Id);
        }
        RawChild.Reap(pid);
    }

    [Fact]
    public void Of_a_process_that_is_reaped_nothing_is_told()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exit 0"));
        child.Wait();
        Assert.All<Action>(
            [() => _ = child.Name, () => child.OpenParent(), () => child.OpenChildren(), () => child.ReadThreads()],
            read => Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(read).Errno));
    }

    [Fact]
    public void The_first_process_has_no_parent()
    {
        using ProcessHandle first = ProcessHandle.Open(1);
        Assert.Null(first.OpenParent());
    }

    [Fact]
    public async Task Each_child_is_found_where_the_kernel_keeps_no_list()
    {
        using ProcessHandle parent = RawChild.Handle(RawChild.Start("sleep 1000 & sleep 1000 & wait"));
        await Eventually.IsTrue(() => ChildrenFile.Read(parent.Id).Count() == 2);
        Assert.Equal(ChildrenFile.Read(parent.Id).Order(), ChildrenFile.SearchAll(parent.Id).Order());
        parent.SendToGroup(Signal.SIGKILL);
        parent.Wait();
    }
}
