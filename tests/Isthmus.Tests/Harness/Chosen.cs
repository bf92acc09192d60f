namespace Isthmus.Tests.Harness;

/// <summary>
/// Kills or stops a child whose thread was woken and has hardly had a chance to run yet: it may run only on a CPU that is busy, and when nobody else
/// wants to. (One that was stopped before would not do: a stop takes a thread out of the kernel's queue.)
/// </summary>
internal static class Chosen
{
    private static int Cpu => CurrentThread.Affinity.First();

    /// <summary>In the child, on the thread that waits.</summary>
    public static void StandBack()
    {
        CurrentThread.Affinity = new CpuSet([Cpu]);
        CurrentThread.SetScheduling(SchedulingPolicy.Idle, 0);
    }

    /// <summary>Whether that thread, the first of the child, sleeps.</summary>
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
        int state = 0;
        Thread busy = new(() => Spin(ref state));
        busy.Start();
        SpinWait.SpinUntil(() => Volatile.Read(ref state) == 1);
        wake();
        process.Send(signal);
        Volatile.Write(ref state, 2);
        busy.Join();
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
