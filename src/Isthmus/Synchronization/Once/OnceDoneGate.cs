namespace Isthmus;

/// <summary>Open when something that is run once is done, whoever runs it.</summary>
internal readonly struct OnceDoneGate : IWordGate
{
    public static int Word => OnceWord.Word;

    public static bool StandsForAll => true;

    public bool WakesAreCounted => false;

    public GateState See(ulong word, ulong first) => OnceWord.IsDone(word) ? GateState.Open : GateState.Closed;

    public ulong Pass(ulong word) => word;

    public bool HasMore(ulong passed) => false;
}
