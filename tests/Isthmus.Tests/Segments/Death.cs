using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Segments;

/// <summary>Ends of attachments of this process.</summary>
internal static class Death
{
    /// <summary>Leaves as a process does that is killed, and waits until it is proven.</summary>
    public static void Die(this Segment dying, Segment survivor)
    {
        dying.Abandon();
        survivor.AwaitDeath(dying.Slot);
    }

    /// <summary>
    /// The lock is held for a moment longer by a process that another test just starts, which has a copy of each of our descriptors until it runs its program;
    /// or by one that just reads the maps of a process that was killed, and so keeps its memory.
    /// </summary>
    public static void AwaitDeath(this Segment survivor, int slot) => Assert.True(SpinWait.SpinUntil(() => survivor.IsDead(slot), Child.Limit));

    /// <summary>Waits until what somebody has left in a slot is repaired, and the slot can be taken again.</summary>
    public static void AwaitVacant(this Segment survivor, int slot) => Assert.True(SpinWait.SpinUntil(() => survivor.Roster.IsVacant(slot), Child.Limit));
}
