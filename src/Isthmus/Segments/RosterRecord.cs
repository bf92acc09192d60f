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
    private const int GenerationShift = 32;

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

    /// <summary>How many calls of the participant wait, as it says.</summary>
    public readonly int Waiters => (int)Math.Min(Waits[Roster.WaiterCount], int.MaxValue);

    public static ulong Word(uint generation, RosterState state) => ((ulong)generation << GenerationShift) | (uint)state;

    /// <summary>Unknown ones count as vacant.</summary>
    public static RosterState StateOf(ulong word) => (uint)word <= (uint)RosterState.Attached ? (RosterState)(uint)word : RosterState.Vacant;

    public static uint GenerationOf(ulong word) => (uint)(word >> GenerationShift);

    /// <summary>Whom a private copy names; false when that is nobody.</summary>
    public readonly bool TryGetParticipant(int slot, out Participant participant)
    {
        RosterState state = StateOf(State);
        bool isWritten = state == RosterState.Attached;
        participant = new Participant(
            slot, GenerationOf(State), state, isWritten ? Process.ToIdentity() : default, isWritten ? Bell.ToGuid() : default);
        return state != RosterState.Vacant;
    }

    [InlineArray(Roster.WaitWords)]
    public struct WaitWords
    {
        private ulong _first;
    }
}
