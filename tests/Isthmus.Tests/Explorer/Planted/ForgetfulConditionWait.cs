namespace Isthmus.Tests.Explorer;

/// <summary>
/// <see cref="ConditionWait"/> with a bug: it goes back to sleep with a wake that was meant for another.
/// </summary>
internal struct ForgetfulConditionWait(uint sequence) : IOperation
{
    public bool Signalled { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong seen = memory.Load(ConditionWord.Word);
        Signalled = ConditionWord.SequenceOf(seen) != sequence;
        return Signalled ? Progress.Done : Progress.WaitsFor(ConditionWord.Word, seen);
    }

    public readonly void Withdraw() => throw new InvalidOperationException("It is not timed.");
}
