namespace Isthmus;

/// <summary>The way to something that is to be run once: open when it is done, granted to whoever is to run it.</summary>
/// <param name="slot">Who.</param>
internal readonly struct OnceGate(int slot) : IWordGate
{
    public static int Word => OnceWord.Word;

    public static bool StandsForAll => true;

    public bool WakesAreCounted => true;

    public GateState See(ulong word, ulong first) =>
        OnceWord.IsDone(word) ? GateState.Open : OnceWord.IsRunning(word) ? GateState.Closed : GateState.Grants;

    public ulong Pass(ulong word) => OnceWord.Begun(word, slot);

    public bool HasMore(ulong passed) => false;
}
