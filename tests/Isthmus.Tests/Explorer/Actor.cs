namespace Isthmus.Tests.Explorer;

/// <summary>A thread of a world, as the routines see it.</summary>
internal readonly struct Actor(World world, int thread)
{
    public World World => world;

    /// <summary>Its number in the world.</summary>
    public int Thread => thread;

    /// <summary>The slot of its participant.</summary>
    public int Slot => world.SlotOf(thread);

    /// <summary>How it waits.</summary>
    public Waiters Waiters => world.WaitersOf(thread);

    /// <summary>For a recovery: whose slot.</summary>
    public int Victim => world.Thread(thread).Victim;

    /// <summary>For a recovery: whether the life lock of that slot is the recoverer's own.</summary>
    public bool IsProven => world.Thread(thread).IsProven;

    /// <summary>Whether the operation's wait was ended by a deadline or a token.</summary>
    public bool IsWithdrawn => world.Thread(thread).IsWithdrawn;

    /// <summary>A value that the routine carries on, 0 at first.</summary>
    public ref ulong this[int local] => ref world.Thread(thread).Locals[local];

    /// <summary>Fails the exploration unless something holds.</summary>
    public void Check(bool holds, string promise)
    {
        if (!holds)
        {
            world.Fail($"{world.NameOf(thread)}: {promise}");
        }
    }

    /// <summary>Passes over the next instructions of the routine.</summary>
    public void Skip(int count) => world.Thread(thread).Instruction += (byte)count;

    /// <summary>Ends the round.</summary>
    public void EndRound() => world.EndRound(thread);

    /// <summary>Ends the routine, all its rounds.</summary>
    public void End() => world.End(thread);
}
