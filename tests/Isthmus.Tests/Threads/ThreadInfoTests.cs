using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Threads;

public sealed class ThreadInfoTests
{
    [Fact]
    public async Task A_waiting_thread_is_listed_with_its_name_and_state()
    {
        using ManualResetEventSlim end = new();
        int id = 0;
        Thread thread = new(() =>
        {
            CurrentThread.Name = "a) R (b";
            CurrentThread.Affinity = new CpuSet(CurrentThread.Affinity.Last());
            Volatile.Write(ref id, CurrentThread.Id);
            end.Wait();
        });
        thread.Start();
        ThreadInfo? info = null;
        await Eventually.IsTrue(() =>
            (info = Find(Volatile.Read(ref id))) is { State: ThreadRunState.Sleeping });

        Assert.Equal("a) R (b", info!.Name);
        Assert.True(info.VoluntarySwitches > 0);
        Assert.True(info.InvoluntarySwitches >= 0);
        Assert.InRange(info.LastCpu, 0, Environment.ProcessorCount * 64);

        end.Set();
        thread.Join();
        await Eventually.IsTrue(() => Find(id) is null);
    }

    [Fact]
    public void The_thread_that_asks_is_running() => Assert.Equal(ThreadRunState.Running, Find(CurrentThread.Id)!.State);

    [Fact]
    public void The_main_thread_comes_with_the_number_of_the_process() =>
        Assert.Contains(ThreadInfo.Read(Environment.ProcessId), thread => thread.Id == Environment.ProcessId);

    [Fact]
    public void A_zombie_has_one_thread_and_a_reaped_process_is_ESRCH()
    {
        int pid = Processes.RawChild.StartAndAwaitZombie("exit 0");
        Assert.Equal(ThreadRunState.Zombie, Assert.Single(ThreadInfo.Read(pid)).State);
        Processes.RawChild.Reap(pid);
        Assert.Equal(Errno.ESRCH, Assert.Throws<PosixException>(() => ThreadInfo.Read(pid)).Errno);
    }

    private static ThreadInfo? Find(int id) => ThreadInfo.Read(Environment.ProcessId).SingleOrDefault(thread => thread.Id == id);
}
