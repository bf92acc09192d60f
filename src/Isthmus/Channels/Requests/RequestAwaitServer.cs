namespace Isthmus;

/// <summary>Waits until somebody serves.</summary>
/// <param name="waiters">How it waits.</param>
internal struct RequestAwaitServer(Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        LoadFlags,
        Mark,
        Fence,
        GiveUp,
    }

    private Stage _stage;
    private ulong _flags;
    private int _slot;
    private int _spins;
    private bool _marked;
    private bool _waited;

    /// <summary>Whether somebody does.</summary>
    public bool Found { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                return Look(ref memory);
            case Stage.LoadFlags:
                _flags = memory.Load(RequestWaitWord.Comers);
                return GoOn(Stage.Mark);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _marked = true;
                return GoOn(Stage.Look);
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_slot < memory.Slots)
        {
            Found = RequestPeerWord.Serves(memory.Load(RequestPeerWord.Word(_slot++)));
            return Found ? Progress.Done : Progress.Continues;
        }
        _slot = 0;
        if (_marked)
        {
            (_marked, _waited) = (false, true);
            return Progress.WaitsFor(RequestWaitWord.Comers, _flags);
        }
        return GoOn(!_waited && memory.Spin(ref _spins) ? Stage.Look : Stage.LoadFlags);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _flags | (ulong)waiters;
        if (marked != _flags && !memory.CompareExchange(RequestWaitWord.Comers, ref _flags, marked))
        {
            return Progress.Continues;
        }
        _flags = marked;
        return GoOn(Stage.Fence);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
