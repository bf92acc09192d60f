namespace Isthmus;

/// <summary>
/// What a death means for those who wait for a condition: a signal may be missing, which the dead participant was about to give or had received. So
/// all look for themselves. Where nobody is dead, this changes nothing but that.
/// </summary>
internal struct ConditionRecovery : IOperation
{
    private ChangeWord<ConditionSignal> _signal;
    private bool _signalled;

    public ConditionRecovery() => _signal = new(new ConditionSignal(all: true));

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_signalled)
        {
            _signalled = _signal.Step(ref memory).Kind == ProgressKind.Done;
            return Progress.Continues;
        }
        // Also when no flag was left: who took them out may have died before it woke anybody.
        memory.Wake(ConditionWord.Word, Waiters.All, int.MaxValue);
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}
