namespace Isthmus;

/// <summary>What is known of a <see cref="SharedReaderWriterLock"/> at one moment.</summary>
public sealed record SharedReaderWriterLockStatus : SharedObjectStatus
{
    internal SharedReaderWriterLockStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        ulong word = snapshot.Word(ReaderWriterOwner.Word);
        ReaderWriterMode mode = ReaderWriterOwner.ModeOf(word);
        Owner = ParticipantIn(ReaderWriterOwner.OwnerOf(word));
        OwnerMode = mode switch
        {
            ReaderWriterMode.Free => SharedReaderWriterMode.None,
            ReaderWriterMode.Writing => SharedReaderWriterMode.Write,
            _ => SharedReaderWriterMode.UpgradeableRead,
        };
        IsWriterWaiting = mode == ReaderWriterMode.Pending;
        IsAbandoned = ReaderWriterOwner.EntryOf(word) == ReaderWriterEntry.Abandoned;
        IsUnusable = ReaderWriterOwner.IsUnusable(word);
        Generation = ReaderWriterOwner.GenerationOf(word);
        Readers = [.. ReadersIn(snapshot)];
    }

    /// <summary>Who writes, is about to, or may upgrade; null when nobody does, or it is not known who.</summary>
    public SharedParticipant? Owner { get; }

    /// <summary>
    /// How that one is in the lock: <see cref="SharedReaderWriterMode.Write"/>, or
    /// <see cref="SharedReaderWriterMode.UpgradeableRead"/> also while it waits to write;
    /// <see cref="SharedReaderWriterMode.None"/>: there is nobody.
    /// </summary>
    public SharedReaderWriterMode OwnerMode { get; }

    /// <summary>Whether the owner waits until the readers have left, and keeps new ones out.</summary>
    public bool IsWriterWaiting { get; }

    /// <summary>Who reads, or waits for that, by slot.</summary>
    public IReadOnlyList<SharedReaderWriterReader> Readers { get; }

    /// <summary>Whether a writer died in it, and nobody has declared the data consistent since.</summary>
    public bool IsAbandoned { get; }

    /// <summary>Whether nobody can enter any more.</summary>
    public bool IsUnusable { get; }

    /// <summary>How often it was entered to write or to upgrade, or recovered from such a one, modulo 2^32.</summary>
    public uint Generation { get; }

    private IEnumerable<SharedReaderWriterReader> ReadersIn(SegmentSnapshot snapshot) =>
        from slot in Enumerable.Range(0, snapshot.SlotsInUse)
        let word = snapshot.Word(ReaderWriterReaders.Word(slot))
        where !ReaderWriterReaders.IsIdle(word)
        select new SharedReaderWriterReader(slot, ParticipantIn(slot), ReaderWriterReaders.InsideOf(word), ReaderWriterReaders.WantingOf(word));
}
