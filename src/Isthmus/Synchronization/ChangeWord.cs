namespace Isthmus;

/// <summary>Changes a word in one step, and wakes whoever waits for that.</summary>
/// <param name="change">How.</param>
internal struct ChangeWord<TChange>(TChange change) : IOperation
    where TChange : struct, IWordChange
{
    private enum Stage
    {
        Look,
        Change,
        Wake,
    }

    private Stage _stage;
    private ulong _before;
    private ulong _changed;

    /// <summary>Whether the change was made.</summary>
    public bool Changed { get; private set; }

    /// <summary>The word before the change; or as it was when the change could not be made.</summary>
    public readonly ulong Before => _before;

    /// <summary>The word after the change.</summary>
    public readonly ulong After => _changed;

    /// <summary>A change that was made already.</summary>
    public static ChangeWord<TChange> Made(ulong before, ulong changed) => new() { _before = before, _changed = changed, Changed = true };

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _before = memory.Load(TChange.Word);
                return Decide();
            case Stage.Change:
                return Change(ref memory);
            default:
                memory.Wake(TChange.Word, WaiterFlags.Of(_before), change.WakesOf(_changed));
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Decide()
    {
        if (!change.TryChange(_before, out _changed))
        {
            return Progress.Done;
        }
        _stage = Stage.Change;
        return Progress.Continues;
    }

    private Progress Change<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!memory.CompareExchange(TChange.Word, ref _before, _changed))
        {
            return Decide();
        }
        Changed = true;
        if (change.WakesOf(_changed) == 0 || WaiterFlags.Of(_before) == Waiters.None)
        {
            return Progress.Done;
        }
        _stage = Stage.Wake;
        return Progress.Continues;
    }
}
