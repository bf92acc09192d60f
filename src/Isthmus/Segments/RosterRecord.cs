using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// A slot's part of the roster, as it stands in the segment. Written by who holds the slot's life lock; only <see cref="State"/> by others
/// too.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SegmentLayout.RecordSize)]
internal struct RosterRecord
{
    /// <summary>Low half: <see cref="RosterState"/>. High half: the generation, one more for each occupant of the slot.</summary>
    [FieldOffset(0)]
    public ulong State;

    [FieldOffset(8)]
    public ProcessStamp Process;

    /// <summary>The name of the process's doorbell; zeros when it has none.</summary>
    [FieldOffset(48)]
    public ProcessStamp.GuidBytes Bell;

    /// <summary>What the participant waits for asynchronously.</summary>
    [FieldOffset(64)]
    public WaitWords Waits;

    [InlineArray(Roster.WaitWords)]
    public struct WaitWords
    {
        private ulong _first;
    }
}
