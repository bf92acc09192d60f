namespace Isthmus.Cli.Stress;

/// <summary>What a member of a barrier says of itself in its record.</summary>
internal readonly ref struct MemberRecord(LedgerRecord record)
{
    private readonly LedgerRecord _record = record;

    /// <summary>How often it has begun to arrive and was not sent back.</summary>
    public ref long Begun => ref _record.Own(0);

    /// <summary>Whether it is a member, as <see cref="MemberState"/>.</summary>
    public MemberState State
    {
        get => (MemberState)Volatile.Read(ref _record.Own(1));
        set => Volatile.Write(ref _record.Own(1), (long)value);
    }

    /// <summary>How often it has joined.</summary>
    public ref long Joins => ref _record.Own(2);

    /// <summary>1 more than the epoch in which it was last told that the barrier is broken.</summary>
    public ref long Told => ref _record.Own(3);

    /// <summary>Not 0 while it waits for the barrier to be mended.</summary>
    public ref long Parked => ref _record.Own(4);

    /// <summary>How often it has passed.</summary>
    public ref long Passed => ref _record.Own(5);
}

/// <summary>Whether somebody is a member of a barrier.</summary>
internal enum MemberState
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>It joins or leaves: nobody can say.</summary>
    Unsure,

    /// <summary>It is.</summary>
    Member,
}
