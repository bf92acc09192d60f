namespace Isthmus;

/// <summary>The wait for an event.</summary>
/// <param name="mode">Whether one passes and resets it, or all pass: those too that waited when it was set and came too late to see it.</param>
internal readonly struct EventGate(EventResetMode mode) : IWordGate
{
    public static int Word => EventWord.Word;

    // Also of a manual event: they stand in the order of the versions that they saw first.
    public static bool StandsForAll => true;

    public bool WakesAreCounted => mode == EventResetMode.AutoReset;

    public GateState See(ulong word, ulong first)
    {
        if (mode == EventResetMode.AutoReset)
        {
            return EventWord.IsSet(word) ? GateState.Grants : GateState.Closed;
        }
        return EventWord.IsSet(word) || EventWord.VersionOf(word) != EventWord.VersionOf(first) ? GateState.Open : GateState.Closed;
    }

    public ulong Pass(ulong word) => EventWord.Reset(word);

    public bool HasMore(ulong passed) => false;
}
