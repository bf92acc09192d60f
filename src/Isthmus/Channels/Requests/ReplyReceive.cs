namespace Isthmus;

/// <summary>Takes a call that nobody has, or waits until there is one.</summary>
/// <remarks>
/// Each call that is posted while servers sleep wakes one of them. One that gives up may have been chosen, and wakes another. When it is killed, the
/// recovery wakes all.
/// </remarks>
/// <param name="cells">Where the cells are.</param>
/// <param name="server">Who takes it.</param>
/// <param name="slot">Where to look first.</param>
/// <param name="index">Where to look first.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct ReplyReceive(RequestCells cells, int server, int slot, int index, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Scan,
        Claim,
        LoadFlags,
        Mark,
        Fence,
        PassOn,
        GiveUp,
    }

    private Stage _stage;
    private RequestScan _scan = new(cells, slot, index);
    private RequestSummon _summon;
    private ulong _flags;
    private int _spins;
    private bool _marked;
    private bool _waited;

    public static bool StandsForAll => true;

    /// <summary>Whether it has a call.</summary>
    public bool Received { get; private set; }

    /// <summary>The slot of the client.</summary>
    public int Slot { get; private set; }

    /// <summary>Which of the client's cells.</summary>
    public int Index { get; private set; }

    /// <summary>The call word as it was made by the claim.</summary>
    public ulong Call { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Scan:
                return Scan(ref memory);
            case Stage.Claim:
                return Claim(ref memory);
            case Stage.LoadFlags:
                _flags = memory.Load(RequestWaitWord.Servers);
                return GoOn(Stage.Mark);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _marked = true;
                return StartOver();
            case Stage.PassOn:
                return _summon.Step(ref memory);
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = waiters == Waiters.Sleepers ? Stage.PassOn : Stage.GiveUp;

    private Progress Scan<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_scan.Step(ref memory))
        {
            return GoOn(Stage.Claim);
        }
        return _scan.IsOver ? NothingThere(ref memory) : Progress.Continues;
    }

    private Progress NothingThere<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (_marked)
        {
            _marked = false;
            _waited = true;
            StartOver();
            return Progress.WaitsFor(RequestWaitWord.Servers, _flags);
        }
        return !_waited && memory.Spin(ref _spins) ? StartOver() : GoOn(Stage.LoadFlags);
    }

    private Progress Claim<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong call = _scan.Call;
        ulong claimed = RequestCallWord.Claimed(call, server);
        if (!memory.CompareExchange(cells.Of(_scan.Slot, _scan.Index) + RequestCells.CallAt, ref call, claimed))
        {
            // Another server has it, or its client took it back.
            _scan.Pass();
            return GoOn(Stage.Scan);
        }
        (Received, Slot, Index, Call) = (true, _scan.Slot, _scan.Index, claimed);
        return Progress.Done;
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = ChannelSignal.Marked(_flags, waiters);
        if (marked != _flags && !memory.CompareExchange(RequestWaitWord.Servers, ref _flags, marked))
        {
            return Progress.Continues;
        }
        _flags = marked;
        return GoOn(Stage.Fence);
    }

    private Progress StartOver()
    {
        _scan = new RequestScan(cells, slot, index);
        return GoOn(Stage.Scan);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
