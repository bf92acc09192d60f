using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// The records of a mapped segment, one for each slot. Everything that others have written is copied once and checked before it is used.
/// </summary>
internal sealed unsafe class Roster
{
    /// <summary>How many words of a record say what its participant waits for.</summary>
    public const int WaitWords = 4;

    /// <summary>Which of the wait words counts those who wait.</summary>
    public const int WaiterCount = 1;

    // Which of them has a bit for each line of the state that somebody waits for.
    private const int WaitMask = 0;

    private const int TriesMax = 100;

    private readonly SegmentHeader* _header;
    private readonly RosterRecord* _records;
    private readonly int _capacity;

    /// <param name="segment">The first byte of the segment, mapped as long as this is used.</param>
    /// <param name="capacity">How many records.</param>
    public Roster(byte* segment, int capacity)
    {
        _header = (SegmentHeader*)segment;
        _records = (RosterRecord*)(segment + SegmentLayout.Record(0));
        _capacity = capacity;
    }

    /// <summary>Another value whenever somebody has come or gone.</summary>
    public ulong Version => Volatile.Read(ref _header->RosterVersion);

    /// <summary>Whether who publishes by plain stores fences: see <see cref="FenceWord"/>.</summary>
    public bool NeedsPublisherFences
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => FenceWord.IsAnyAsked(PublisherFences);
    }

    /// <summary>A <see cref="FenceWord"/>.</summary>
    public ulong PublisherFences
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _header->PublisherFences);
    }

    /// <summary>From now on, and for ever, who publishes fences: somebody cannot fence for all. To be called before attaching.</summary>
    public void RequirePublisherFences() => Interlocked.Exchange(ref _header->PublisherFences, FenceWord.ForEver);

    /// <summary>Changes it, if it is still what was seen.</summary>
    public void TryChangePublisherFences(ulong seen, ulong word) => Interlocked.CompareExchange(ref _header->PublisherFences, word, seen);

    /// <summary>How many slots have ever had a participant.</summary>
    public int SlotsInUse => (int)Math.Min(Volatile.Read(ref _header->SlotsInUse), (ulong)_capacity);

    /// <summary>Whom a slot's record names; false when that is nobody. A slot that does not exist has nobody.</summary>
    public bool TryRead(int slot, out Participant participant)
    {
        participant = default;
        return Exists(slot) && Copy(&_records[slot]).TryGetParticipant(slot, out participant);
    }

    /// <summary>Which occupant the slot has or had last; 0 when it never had one, or does not exist.</summary>
    public uint Generation(int slot) => RosterRecord.GenerationOf(StateWord(slot));

    /// <summary>A slot's state and generation, to be given to <see cref="TryVacate"/>; 0 for a slot that does not exist.</summary>
    public ulong StateWord(int slot) => Exists(slot) ? Volatile.Read(ref _records[slot].State) : 0;

    /// <summary>Whether nobody is in a slot, or its last occupant was recovered.</summary>
    public bool IsVacant(int slot) => RosterRecord.StateOf(StateWord(slot)) == RosterState.Vacant;

    /// <summary>Whether the participant of a slot says that it waits for a word asynchronously; it may be wrong in saying so.</summary>
    public bool HasWait(int slot, int word) => (Volatile.Read(ref Waits(slot)[WaitMask]) & MaskOf(word)) != 0;

    /// <summary>Says that the participant waits for a word, and is a full fence.</summary>
    public void AddWait(int slot, int word) => Interlocked.Or(ref Waits(slot)[WaitMask], MaskOf(word));

    /// <summary>Says which words the participant waits for still.</summary>
    public void SetWaits(int slot, Dictionary<int, LinkedList<AsyncWaiter>> queues)
    {
        ulong mask = 0;
        foreach ((int word, _) in queues)
        {
            mask |= MaskOf(word);
        }
        Volatile.Write(ref Waits(slot)[WaitMask], mask);
    }

    /// <summary>Counts those who wait, for people to see.</summary>
    public void CountWaiters(int slot, int change) => Interlocked.Add(ref Waits(slot)[WaiterCount], (ulong)(long)change);

    /// <summary>The words that say what the participant of a slot waits for asynchronously; <see cref="WaitWords"/> of them.</summary>
    public ulong* Waits(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)_capacity, nameof(slot));
        return (ulong*)&_records[slot].Waits;
    }

    /// <summary>Writes the record of a slot whose life lock the caller holds.</summary>
    public void Join(int slot, ProcessIdentity identity, Guid bell)
    {
        RosterRecord* record = &_records[slot];
        uint generation = RosterRecord.GenerationOf(Volatile.Read(ref record->State)) + 1;
        // A full fence: nobody sees a field of the new occupant under the state of the former one.
        Interlocked.Exchange(ref record->State, RosterRecord.Word(generation, RosterState.Attaching));
        record->Process = ProcessStamp.From(identity);
        record->Bell = ProcessStamp.GuidBytes.From(bell);
        record->Waits = default;
        // Release: pairs with the first read in Copy.
        Volatile.Write(ref record->State, RosterRecord.Word(generation, RosterState.Attached));
        RaiseSlotsInUse(slot + 1);
        RaiseVersion();
    }

    /// <summary>Says that nobody is in the slot any more, unless somebody else has changed its record since it was read.</summary>
    /// <param name="slot">Of a dead participant.</param>
    /// <param name="seen">What <see cref="StateWord"/> was before the death was proved.</param>
    public void TryVacate(int slot, ulong seen)
    {
        ulong vacant = RosterRecord.Word(RosterRecord.GenerationOf(seen), RosterState.Vacant);
        if (Exists(slot) && seen != vacant && Interlocked.CompareExchange(ref _records[slot].State, vacant, seen) == seen)
        {
            RaiseVersion();
        }
    }

    // One bit for a line of the state. Several lines may share one: a ring too many harms nobody.
    private static ulong MaskOf(int word) => 1UL << (word / StateLayout.WordsPerLine % 64);

    private bool Exists(int slot) => (uint)slot < (uint)_capacity;

    private void RaiseVersion() => Interlocked.Increment(ref _header->RosterVersion);

    private void RaiseSlotsInUse(int count)
    {
        ulong seen = Volatile.Read(ref _header->SlotsInUse);
        while (seen < (ulong)count)
        {
            ulong found = Interlocked.CompareExchange(ref _header->SlotsInUse, (ulong)count, seen);
            if (found == seen)
            {
                return;
            }
            seen = found;
        }
    }

    // When the state before and after is the same, nobody has written in between. Bounded, because somebody hostile may write for ever.
    private static RosterRecord Copy(RosterRecord* record)
    {
        for (int tries = 0; tries < TriesMax; tries++)
        {
            RosterRecord copy = new() { State = Volatile.Read(ref record->State), Process = record->Process, Bell = record->Bell };
            // Keeps the reads above before the one below.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref record->State) == copy.State)
            {
                return copy;
            }
        }
        return default;
    }
}
