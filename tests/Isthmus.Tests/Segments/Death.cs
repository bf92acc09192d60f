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

    /// <summary>A process that another test just starts has a copy of each of our descriptors until it runs its program: as long the lock is held.</summary>
    public static void AwaitDeath(this Segment survivor, int slot) => Assert.True(SpinWait.SpinUntil(() => survivor.IsDead(slot), Child.Limit));
}
