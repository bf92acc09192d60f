namespace Isthmus.Tests.Explorer;

/// <summary>A gate with a bug.</summary>
internal readonly struct FaultyGate<TGate>(TGate gate, WordFault fault) : IWordGate
    where TGate : unmanaged, IWordGate
{
    public static int Word => TGate.Word;

    public static bool StandsForAll => TGate.StandsForAll;

    public bool WakesAreCounted => fault != WordFault.KeepsTheWake && gate.WakesAreCounted;

    public GateState See(ulong word, ulong first) => gate.See(word, fault == WordFault.SeesOnlyWhatIs ? word : first);

    public ulong Pass(ulong word) => fault == WordFault.PassesWithoutTaking ? word : gate.Pass(word);

    public bool HasMore(ulong passed) => fault != WordFault.ForgetsThatThereIsMore && gate.HasMore(passed);
}
