using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// One attachment to a segment: a mapping of its file and a slot of its roster, which others see as one participant. All members may be
/// used by any thread at any time; after <see cref="Dispose"/> they see private memory of zeros.
/// </summary>
internal sealed unsafe partial class Segment : IDisposable
{
    private static readonly TimeSpan s_copiesLast = TimeSpan.FromSeconds(1);

    private readonly SegmentKind _kind;
    private readonly SegmentName? _name;
    private readonly SegmentMapping _mapping;

    // A description that holds no lock, by which to ask for those of others.
    private readonly SafeFileHandle _probe;
    private readonly ulong[] _config;
    private readonly int _patience;
    private readonly WeakReference<Segment> _self;
    private int _isDisposed;

    private Segment(SegmentKind kind, SegmentName? name, in SegmentHeader header, SafeFileHandle probe, SegmentMapping mapping, int slot)
    {
        _kind = kind;
        _name = name;
        _probe = probe;
        _mapping = mapping;
        _config = [.. (ReadOnlySpan<ulong>)header.Config];
        _patience = kind.PublishesByStores ? ChannelPatience : 1;
        _spinLimit = s_canSpin ? SpinMax * _patience / 2 : 0;
        Id = header.Id;
        Capacity = (int)header.Capacity;
        Slot = slot;
        State = (byte*)mapping.Address + SegmentLayout.State(Capacity);
        Data = (byte*)mapping.Address + (nint)header.Regions[1].Offset;
        DataSize = (long)header.Regions[1].Size;
        Roster = new Roster((byte*)mapping.Address, Capacity);
        Memory = new SegmentMemory(this, (byte*)mapping.Address);
        Waiters = new SegmentWaiters(this);
        _self = new WeakReference<Segment>(this);
    }

    /// <summary>Null when it has none and is handed over by <see cref="Share"/>.</summary>
    public string? Name => _name?.Name;

    /// <summary>What no other segment has.</summary>
    public ulong Id { get; }

    /// <summary>This participant's.</summary>
    public int Slot { get; }

    /// <summary>How many slots there are.</summary>
    public int Capacity { get; }

    /// <summary>How many slots have ever had a participant: the bound of a scan.</summary>
    public int SlotsInUse => Roster.SlotsInUse;

    /// <summary>Whether this attachment has made the segment.</summary>
    public bool IsCreator { get; private init; }

    public bool IsDisposed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _isDisposed) != 0;
    }

    /// <summary>
    /// The first word of <see cref="StateLayout"/>. Valid as long as this object is reachable; after <see cref="Dispose"/>, private memory.
    /// </summary>
    public byte* State { get; }

    /// <summary>The first byte of the kind's data, valid as <see cref="State"/> is.</summary>
    public byte* Data { get; }

    /// <summary>In bytes; 0 or a multiple of 64 KiB.</summary>
    public long DataSize { get; }

    /// <summary>The word at an offset in bytes, a multiple of 8, of <see cref="Data"/>.</summary>
    public int DataWord(long offset) => (int)((SegmentLayout.ControlSize(Capacity) + offset - SegmentLayout.State(Capacity)) / sizeof(ulong));

    /// <summary>How many words there are from the first of the state to the last of the data, what stands between the two included.</summary>
    public int Words => DataWord(DataSize);

    /// <summary>Who takes part.</summary>
    public Roster Roster { get; }

    /// <summary>
    /// Whether the name does not lead here any more: it was removed, or is that of another segment. False for one that never had a name.
    /// </summary>
    public bool HasLostName => _name is not null && !SegmentFile.IsAt(_name, _probe);

    /// <summary>What the segment was made with; a copy from when it was opened, and to be checked by the kind.</summary>
    public ulong Config(int index) => _config[index];

    /// <summary>
    /// Whether nobody lives in a slot, which holds for the past only. There is nobody in a slot that does not exist. After
    /// <see cref="Dispose"/> nothing can be proved.
    /// </summary>
    public bool IsDead(int slot)
    {
        if ((uint)slot >= (uint)Capacity)
        {
            return true;
        }
        try
        {
            return LifeLock.IsFree(_probe, slot);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>
    /// Repairs what the occupant of a slot has left, if it is dead; any number of participants may do so at once. False when it lives.
    /// </summary>
    public bool Recover(int slot)
    {
        // Before the proof: whoever occupies the slot later changes it, and is not taken for the dead one.
        ulong seen = Roster.StateWord(slot);
        if (!IsDead(slot))
        {
            return false;
        }
        DeathProof proof = new();
        _kind.Recover(Memory.With(proof), slot, false);
        if (proof.WasRefuted)
        {
            // Somebody has taken the slot meanwhile. He repairs it, or dies before that: then it is asked again.
            return false;
        }
        Roster.TryVacate(slot, seen);
        return true;
    }

    /// <summary>What stands in it, as an observer would see it.</summary>
    public SegmentSnapshot TakeSnapshot()
    {
        ThrowIfDisposed();
        return SegmentSnapshot.Take(_kind, _probe, Name);
    }

    /// <summary>
    /// A new descriptor of a segment without a name, to be handed to a child or sent over a Unix socket. No lock stands on its description.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has a name, by which others open it.</exception>
    public SafeFileHandle Share()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return _name is null
            ? SegmentFile.Reopen(_probe, null)
            : throw new InvalidOperationException($"The segment has a name, '{Name}'; others open it by that.");
    }

    // Nobody has disposed it, and nobody can any more. Its mapping and descriptor are finalized later than this, being critical.
    ~Segment()
    {
        try
        {
            Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then it is found out like a death.
        }
    }

    /// <summary>
    /// Leaves the segment; what this participant held is recovered, as if it had died. Threads that are using it meanwhile may do so: what
    /// they change is private memory from then on.
    /// </summary>
    public void Dispose()
    {
        if (TryClose())
        {
            Leave();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>Leaves as a process does that is killed: others find it out. For tests.</summary>
    internal void Abandon()
    {
        if (TryClose())
        {
            Detach();
            _probe.Dispose();
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_kind.Name} '{Name ?? "(unnamed)"}' {Id:x16}, slot {Slot}");

    private bool TryClose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return false;
        }
        Attachments.Remove(this);
        Waiters.Close();
        WakeSleepers();
        return true;
    }

    // First the mapping goes, then what it left is repaired as any survivor would, in a mapping of its own: whatever a thread of ours did until
    // that moment is seen.
    private void Leave()
    {
        ulong seen = Roster.StateWord(Slot);
        using (SegmentMapping? repair = SegmentMapping.TryMap(_probe, _mapping.Length))
        {
            if (repair is null)
            {
                // No memory for it: what other threads do in this very moment is found by the next who takes the slot.
                _kind.Recover(Memory, Slot, true);
                Roster.TryVacate(Slot, seen);
            }
            Detach();
            if (repair is not null && new Roster((byte*)repair.Address, Capacity) is var roster && HasLeft(roster, seen))
            {
                DeathProof proof = new();
                _kind.Recover(new SegmentMemory(this, (byte*)repair.Address).With(proof), Slot, false);
                if (!proof.WasRefuted)
                {
                    roster.TryVacate(Slot, seen);
                }
            }
        }
        _probe.Dispose();
    }

    // A child that another thread started while this opened the segment has a copy of the lock until it runs its program; after so long it is not
    // this one's to repair, but that of whoever finds it free.
    private bool HasLeft(Roster roster, ulong seen) =>
        IsDead(Slot) || (SpinWait.SpinUntil(() => IsDead(Slot) || roster.StateWord(Slot) != seen, s_copiesLast) && IsDead(Slot));

    private void Detach() => _mapping.Detach();
}
