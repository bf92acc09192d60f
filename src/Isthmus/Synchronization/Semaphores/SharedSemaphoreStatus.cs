namespace Isthmus;

/// <summary>What is known of a <see cref="SharedSemaphore"/> at one moment.</summary>
public sealed record SharedSemaphoreStatus : SharedObjectStatus
{
    internal SharedSemaphoreStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        MaximumCount = (int)snapshot.Config(0);
        OwnerTracked = snapshot.Config(1) != 0;
        IsFair = snapshot.Config(2) != 0;
        ulong word = snapshot.Word(OwnerTracked ? TrackedWord.Word : SemaphoreWord.Word);
        CurrentCount = OwnerTracked ? TrackedWord.AvailableOf(word) : SemaphoreWord.CountOf(word);
        Holders = OwnerTracked ? HoldersIn(snapshot, word) : [];
    }

    /// <summary>How many can be acquired.</summary>
    public int CurrentCount { get; }

    /// <summary>The greatest count.</summary>
    public int MaximumCount { get; }

    /// <summary>Whether it knows who holds its permits.</summary>
    public bool OwnerTracked { get; }

    /// <summary>Whether those who wait are served in turn.</summary>
    public bool IsFair { get; }

    /// <summary>Who holds permits, by slot; empty when the semaphore does not know.</summary>
    public IReadOnlyList<SharedSemaphoreHolder> Holders { get; }

    private List<SharedSemaphoreHolder> HoldersIn(SegmentSnapshot snapshot, ulong central)
    {
        List<SharedSemaphoreHolder> holders = [];
        for (int slot = 0; slot < snapshot.SlotsInUse; slot++)
        {
            int count = HeldWord.HeldOf(HeldWord.Current(snapshot.Word(HeldWord.Word(slot)), slot, central));
            if (count > 0)
            {
                holders.Add(new SharedSemaphoreHolder(slot, ParticipantIn(slot), count));
            }
        }
        return holders;
    }
}
