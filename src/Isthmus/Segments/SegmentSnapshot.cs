using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// What stands in a segment at one moment, seen by an observer who takes no slot and maps nothing: a copy, checked, that nobody can change.
/// Words that are changed while they are copied may be from before and after.
/// </summary>
internal sealed class SegmentSnapshot
{
    private const int TriesMax = 100;

    private readonly SegmentHeader _header;
    private readonly byte[] _control;
    private readonly byte[] _data;

    private SegmentSnapshot(string? name, in SegmentHeader header, byte[] control, byte[] data)
    {
        _data = data;
        Name = name;
        _header = header;
        _control = control;
    }

    /// <summary>Null when it was taken by a descriptor.</summary>
    public string? Name { get; }

    public ulong Id => _header.Id;

    /// <summary>The name of its kind, as its maker wrote it.</summary>
    public string KindName => SegmentCheck.KindName(_header);

    public uint KindId => _header.Kind;

    public ulong LayoutHash => _header.LayoutHash;

    public Version FormatVersion => new((int)_header.MajorVersion, (int)Math.Min(_header.MinorVersion, int.MaxValue));

    /// <summary>How many slots.</summary>
    public int Capacity => (int)_header.Capacity;

    /// <summary>Of the file, in bytes.</summary>
    public long Size => (long)_header.Size;

    /// <summary>Who has made it, if that is true.</summary>
    public ProcessIdentity Creator => _header.Creator.ToIdentity();

    /// <summary>How many slots have ever had a participant.</summary>
    public int SlotsInUse => (int)Math.Min(_header.SlotsInUse, _header.Capacity);

    /// <summary>Raised whenever somebody comes or goes.</summary>
    public ulong RosterVersion => _header.RosterVersion;

    /// <summary>Those whom the roster names, by slot; the dead too, until they are recovered.</summary>
    public IReadOnlyList<ObservedParticipant> Participants { get; private init; } = [];

    /// <summary>Takes one by name.</summary>
    /// <param name="kind">What it must be; null for anything.</param>
    /// <param name="name">Its name.</param>
    /// <param name="options">Where, and whose.</param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="InvalidDataException">It is no segment, or not such a one.</exception>
    public static SegmentSnapshot Take(SegmentKind? kind, string name, SharedObjectOptions options)
    {
        SegmentName checkedName = SegmentName.Of(name, options.Directory);
        using SafeFileHandle file = SegmentFile.Open(checkedName, options, MemoryAccess.Read);
        return Take(kind, file, name);
    }

    /// <summary>Takes one of a segment whose descriptor is at hand. Nothing on the descriptor changes.</summary>
    /// <inheritdoc cref="Take(SegmentKind?, string, SharedObjectOptions)"/>
    public static SegmentSnapshot Take(SegmentKind? kind, SafeFileHandle memory) => Take(kind, memory, null);

    /// <summary>What the segment was made with.</summary>
    public ulong Config(int index) => _header.Config[index];

    /// <summary>A word of its state, by the index that <see cref="StateLayout"/> gives it.</summary>
    public ulong Word(int word)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)word, (uint)(StateLayout.Size(Capacity) / sizeof(ulong)), nameof(word));
        return MemoryMarshal.Read<ulong>(_control.AsSpan(SegmentLayout.State(Capacity) + (word * sizeof(ulong))));
    }

    /// <summary>A word of its data, as far as its kind has it observed; beyond that, 0.</summary>
    public ulong DataWord(int word) =>
        (uint)word < (uint)(_data.Length / sizeof(ulong)) ? MemoryMarshal.Read<ulong>(_data.AsSpan(word * sizeof(ulong))) : 0;

    /// <summary>Takes one of a segment that is open already.</summary>
    /// <inheritdoc cref="Take(SegmentKind?, string, SharedObjectOptions)"/>
    public static SegmentSnapshot Take(SegmentKind? kind, SafeFileHandle file, string? name)
    {
        SegmentHeader header = SegmentFile.Read(file, kind, name);
        byte[] control = new byte[SegmentLayout.State((int)header.Capacity) + StateLayout.Size((int)header.Capacity)];
        if (SegmentFile.ReadFully(file, control, 0) < control.Length)
        {
            throw new InvalidDataException($"The segment '{name}' was truncated while it was read.");
        }
        byte[] data = new byte[Math.Min(kind?.Observed?.Invoke(header) ?? 0, (long)header.Regions[1].Size)];
        SegmentFile.ReadFully(file, data, (long)header.Regions[1].Offset);
        return new SegmentSnapshot(name, header, control, data) { Participants = [.. ReadParticipants(file, control, (int)header.Capacity)] };
    }

    private static IEnumerable<ObservedParticipant> ReadParticipants(SafeFileHandle file, byte[] control, int capacity)
    {
        for (int slot = 0; slot < capacity; slot++)
        {
            RosterRecord record = MemoryMarshal.Read<RosterRecord>(control.AsSpan(SegmentLayout.Record(slot)));
            if (RosterRecord.StateOf(record.State) == RosterState.Vacant)
            {
                continue;
            }
            record = Settled(file, record, slot);
            if (record.TryGetParticipant(slot, out Participant participant))
            {
                yield return new ObservedParticipant(participant, !LifeLock.IsFree(file, slot), record.Waiters);
            }
        }
    }

    // When the state is the same before and after, nobody has written in between.
    private static RosterRecord Settled(SafeFileHandle file, RosterRecord record, int slot)
    {
        for (int tries = 0; tries < TriesMax; tries++)
        {
            RosterRecord again = default;
            if (SegmentFile.ReadFully(file, MemoryMarshal.AsBytes(new Span<RosterRecord>(ref again)), SegmentLayout.Record(slot)) < SegmentLayout.RecordSize)
            {
                return default;
            }
            if (again.State == record.State)
            {
                return record;
            }
            record = again;
        }
        return default;
    }
}
