using Isthmus.Native;

namespace Isthmus.Tests.Harness;

/// <summary>
/// Kills or stops a child whose thread was woken and has hardly had a chance to run yet: it may run only on a CPU that is busy, and when nobody else
/// wants to. (One that was stopped before would not do: a stop takes a thread out of the kernel's queue.)
/// </summary>
internal static class Chosen
{
    private static int Cpu => CurrentThread.Affinity.First();

    /// <summary>Whether the first thread of the child sleeps: the one that is to be woken.</summary>
    public static bool Sleeps(Child child)
    {
        string stat = File.ReadAllText($"/proc/{child.Id}/task/{child.Id}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }

    /// <summary>Wakes the child and kills it.</summary>
    public static void WakeAndKill(Child child, Action wake)
    {
        WakeAnd(Signal.SIGKILL, child, wake);
        Assert.Equal(128 + 9, child.WaitForExit());
    }

    /// <summary>Wakes the child and stops it.</summary>
    public static void WakeAndStop(Child child, Action wake)
    {
        WakeAnd(Signal.SIGSTOP, child, wake);
        child.Pause();
    }

    private static void WakeAnd(Signal signal, Child child, Action wake)
    {
        using ProcessHandle process = ProcessHandle.Open(child.Id);
        // Compiled beforehand.
        process.Send(Signal.SIGCONT);
        CpuSet all = CpuSet.OfThread(child.Id);
        // While it sleeps: all that it has done before, and does later, it does like others.
        new CpuSet([Cpu]).Apply(child.Id);
        Schedule(child.Id, SchedulingPolicy.Idle);
        int state = 0;
        Thread busy = new(() => Spin(ref state)) { IsBackground = true };
        try
        {
            busy.Start();
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref state) == 1, Child.Limit));
            wake();
            process.Send(signal);
        }
        finally
        {
            Volatile.Write(ref state, 2);
            busy.Join();
        }
        if (signal == Signal.SIGSTOP)
        {
            Schedule(child.Id, SchedulingPolicy.Normal);
            all.Apply(child.Id);
        }
    }

    private static unsafe void Schedule(int thread, SchedulingPolicy policy)
    {
        LibC.sched_param parameters = default;
        LibC.Check(LibC.sched_setscheduler(thread, (int)policy, &parameters));
    }

    private static void Spin(ref int state)
    {
        CurrentThread.Affinity = new CpuSet([Cpu]);
        Volatile.Write(ref state, 1);
        while (Volatile.Read(ref state) == 1)
        {
        }
    }
}
