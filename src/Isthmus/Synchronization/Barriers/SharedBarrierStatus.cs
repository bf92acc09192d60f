namespace Isthmus;

/// <summary>What is known of a <see cref="SharedBarrier"/> at one moment.</summary>
public sealed record SharedBarrierStatus : SharedObjectStatus
{
    internal SharedBarrierStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(BarrierWord.Word);
        Round = (int)BarrierWord.RoundOf(word);
        IsBroken = BarrierWord.IsBroken(word);
        WillBreak = BarrierWord.WillBreak(word);
        Parties = [.. PartiesIn(snapshot, BarrierWord.RoundOf(word))];
    }

    /// <summary>How many rounds have ended, passed or reset, modulo 2^28.</summary>
    public int Round { get; }

    /// <summary>Whether nobody passes until it is reset.</summary>
    public bool IsBroken { get; }

    /// <summary>
    /// Whether a member died that had arrived: this round can be passed, the next one will be broken.
    /// </summary>
    public bool WillBreak { get; }

    /// <summary>Whose the members are, by slot.</summary>
    public IReadOnlyList<SharedBarrierParty> Parties { get; }

    /// <summary>How many members there are.</summary>
    public int MemberCount => Parties.Sum(static party => party.Joined);

    /// <summary>How many of them have arrived.</summary>
    public int ArrivedCount => Parties.Sum(static party => party.Arrived);

    private IEnumerable<SharedBarrierParty> PartiesIn(SegmentSnapshot snapshot, uint round) =>
        from slot in Enumerable.Range(0, snapshot.SlotsInUse)
        let word = snapshot.Word(BarrierMembers.Word(slot))
        where BarrierMembers.JoinedOf(word) > 0
        select new SharedBarrierParty(slot, ParticipantIn(slot), BarrierMembers.JoinedOf(word), BarrierMembers.ArrivedOf(word, round));
}
