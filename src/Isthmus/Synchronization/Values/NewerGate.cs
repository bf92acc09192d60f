namespace Isthmus;

/// <summary>The wait for a version of a value that is newer than one.</summary>
internal readonly struct NewerGate(long version) : IWordGate
{
    public static int Word => ValueWord.Word;

    // Each may wait for another version.
    public static bool StandsForAll => false;

    public bool WakesAreCounted => false;

    public GateState See(ulong word, ulong first) => ValueWord.VersionOf(word) > version ? GateState.Open : GateState.Closed;

    public ulong Pass(ulong word) => word;

    public bool HasMore(ulong passed) => false;
}
