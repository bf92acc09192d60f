using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// The first word of a record: {length:27 state:3 redelivered:1 tag:33}. The tag of a taken message is its consumer's slot:10 and
/// generation:23, that of
/// all others the lowest bits of the record's position in units of 8 bytes: so a header is never taken for that of another lap.
/// </summary>
internal static class QueueHeader
{
    /// <summary>In bytes.</summary>
    public const int Size = sizeof(ulong);

    /// <summary>The most bytes that a length can say.</summary>
    public const int LengthMax = (1 << StateShift) - 1;

    private const int StateShift = 27;
    private const int TagShift = 31;
    private const int SlotBits = 10;
    private const ulong StateMask = 7;
    private const ulong RedeliveredBit = 1UL << 30;

    /// <summary>A header of any state but <see cref="QueueRecordState.Taken"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(QueueRecordState state, ulong position, int length) =>
        (uint)length | ((ulong)state << StateShift) | (position >> 3 << TagShift);

    /// <summary>The header of a message that somebody took.</summary>
    public static ulong Taken(ulong published, ulong owner) =>
        (published & (RedeliveredBit | LengthMax)) | ((ulong)QueueRecordState.Taken << StateShift) | (owner << TagShift);

    /// <summary>The header with another state; the redelivered flag stays.</summary>
    public static ulong With(ulong header, QueueRecordState state, ulong position) =>
        Of(state, position, LengthOf(header)) | (header & RedeliveredBit);

    /// <summary>The header of a message that is offered once more.</summary>
    public static ulong Returned(ulong header, ulong position) => With(header, QueueRecordState.Published, position) | RedeliveredBit;

    /// <summary>Who takes messages, as it stands in the headers of those that it has.</summary>
    public static ulong Owner(int slot, uint generation) => (uint)slot | ((ulong)generation << SlotBits);

    /// <summary>Whether a header says: published, for the first time, at this position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNew(ulong header, ulong position) =>
        header >> StateShift == (((ulong)QueueRecordState.Published << StateShift) | (position >> 3 << TagShift)) >> StateShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(ulong header) => (int)(header & LengthMax);

    public static QueueRecordState StateOf(ulong header) => (QueueRecordState)(header >> StateShift & StateMask);

    public static bool IsRedelivered(ulong header) => (header & RedeliveredBit) != 0;

    /// <summary>Of a taken message: its consumer's slot.</summary>
    public static int SlotOf(ulong header) => (int)(header >> TagShift) & ((1 << SlotBits) - 1);

    /// <summary>Of any other: whether the tag is that of the position.</summary>
    public static bool IsAt(ulong header, ulong position) => header >> TagShift == position >> 3 << TagShift >> TagShift;

    /// <summary>How many bytes a record takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RecordSize(int length) => (length + Size + Size - 1) & -Size;
}
