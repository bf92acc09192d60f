namespace Isthmus;

/// <summary>
/// Acquires from a fair semaphore: only the one whose turn it is waits for the count. Turns are those of a
/// fair mutex, which protects nothing: that one of its owners died means nothing.
/// </summary>
/// <param name="slot">Who.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct FairSemaphoreAcquire(int slot, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Enter,
        Mend,
        Pass,
        Leave,
    }

    private Stage _stage;
    private FairMutexEnter _enter = new(slot, waiters);
    private MutexConsistent _mend;
    private PassGate<SemaphoreGate> _pass = new(default, waiters);
    private FairMutexExit _leave;

    /// <summary>Whether it did.</summary>
    public readonly bool Acquired => _pass.Passed;

    /// <summary>Whether it did not because as many wait as can be counted.</summary>
    public readonly bool IsFull => _enter.Outcome == MutexEntry.Full;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Enter:
                Progress entering = _enter.Step(ref memory);
                return entering.Kind == ProgressKind.Done ? Entered() : entering;
            case Stage.Mend:
                return _mend.Step(ref memory).Kind == ProgressKind.Done ? GoTo(Stage.Pass) : Progress.Continues;
            case Stage.Pass:
                Progress passing = _pass.Step(ref memory);
                return passing.Kind == ProgressKind.Done ? GoTo(Stage.Leave) : passing;
            default:
                return _leave.Step(ref memory);
        }
    }

    public void Withdraw()
    {
        if (_stage == Stage.Pass)
        {
            _pass.Withdraw();
        }
        else
        {
            _enter.Withdraw();
        }
    }

    private Progress Entered()
    {
        _leave = new FairMutexExit(_enter.Owned);
        _mend = new MutexConsistent(_enter.Owned);
        return _enter.Outcome switch
        {
            MutexEntry.Entered => GoTo(Stage.Pass),
            MutexEntry.Abandoned => GoTo(Stage.Mend),
            _ => Progress.Done,
        };
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
