namespace Isthmus.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void Of_this_process_equals_Current()
    {
        Assert.Equal(ProcessIdentity.Current, ProcessIdentity.Of(Environment.ProcessId));
        Assert.True(ProcessIdentity.Current.IsLocal);
        Assert.Equal(Environment.ProcessId, ProcessIdentity.Current.Id);
    }

    [Fact]
    public void Namespace_and_boot_are_the_kernels()
    {
        Assert.Equal($"pid:[{ProcessIdentity.Current.PidNamespace}]", File.ResolveLinkTarget("/proc/self/ns/pid", false)!.Name);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), ProcessIdentity.Current.BootId.ToString());
    }

    [Fact]
    public void A_childs_identity_that_was_not_read_from_proc_is_the_one_in_proc()
    {
        for (int i = 0; i < 200; i++)
        {
            using ChildProcess child = ChildProcess.Start("sleep", "1000");
            Assert.Equal(ProcessIdentity.Of(child.Id), child.Process.Identity);
            child.Process.Send(Signal.SIGKILL);
            child.Wait();
        }
    }

    [Fact]
    public void Two_processes_differ_and_one_stays_the_same()
    {
        int pid = RawChild.StartAndAwaitZombie("exit 0");
        ProcessIdentity zombie = ProcessIdentity.Of(pid);
        Assert.Equal(zombie, ProcessIdentity.Of(pid));
        Assert.NotEqual(ProcessIdentity.Current, zombie);
        RawChild.Reap(pid);
        Assert.False(ProcessIdentity.TryOf(pid, out _));
        Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => ProcessIdentity.Of(pid)).Errno);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void What_is_no_number_of_a_process_is_none(int pid) => Assert.False(ProcessIdentity.TryOf(pid, out _));

    [Fact]
    public void Its_text_is_read_back()
    {
        ProcessIdentity self = ProcessIdentity.Current;
        Assert.True(ProcessIdentity.TryParse(self.ToString(), out ProcessIdentity read));
        Assert.Equal(self, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4")]
    [InlineData("-1.2.3.00000000000000000000000000000000")]
    [InlineData("1.2.3.00000000000000000000000000000000.")]
    public void Other_text_is_refused(string? text) => Assert.False(ProcessIdentity.TryParse(text, out _));
}
