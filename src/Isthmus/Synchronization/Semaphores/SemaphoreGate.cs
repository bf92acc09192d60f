namespace Isthmus;

/// <summary>The wait for a plain semaphore.</summary>
internal readonly struct SemaphoreGate : IWordGate
{
    public static int Word => SemaphoreWord.Word;

    public static bool StandsForAll => true;

    public bool WakesAreCounted => true;

    public GateState See(ulong word, ulong first) => SemaphoreWord.CountOf(word) > 0 ? GateState.Grants : GateState.Closed;

    public ulong Pass(ulong word) => SemaphoreWord.Acquired(word);

    public bool HasMore(ulong passed) => SemaphoreWord.CountOf(passed) > 0;
}
