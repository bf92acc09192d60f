namespace Isthmus;

/// <summary>Takes a call that nobody has, or waits until there is one.</summary>
/// <remarks>
/// Who posts a call takes the flags of all servers out of their word and wakes one. So a server that had to wait leaves its flag again as it takes a
/// call, if there are others that may sleep still, and wakes the next when there is another call. One that gives up may have been chosen, and wakes
/// another. When it is killed, the recovery wakes all.
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
        LookForOthers,
        LoadFlags,
        Mark,
        Fence,
        Leave,
        FenceAgain,
        ScanAgain,
        WakeNext,
        PassOn,
        GiveUp,
    }

    private Stage _stage;
    private RequestScan _scan = new(cells, slot, index);
    private RequestNotify _next;
    private ulong _flags;
    private int _other;
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
            case Stage.LookForOthers:
                return LookForOthers(ref memory);
            case Stage.LoadFlags:
                _flags = memory.Load(RequestWaitWord.Servers);
                return GoOn(Received ? Stage.Leave : Stage.Mark);
            case Stage.Mark:
                return Flag(ref memory) ? GoOn(Stage.Fence) : Progress.Continues;
            case Stage.Fence:
                memory.SleeperFence();
                _marked = true;
                return ScanFrom(slot, index, Stage.Scan);
            case Stage.Leave:
                return Flag(ref memory) ? GoOn(Stage.FenceAgain) : Progress.Continues;
            case Stage.FenceAgain:
                memory.SleeperFence();
                return ScanFrom(Slot, Index, Stage.ScanAgain);
            case Stage.ScanAgain:
                return ScanAgain(ref memory);
            case Stage.WakeNext:
                return _next.Step(ref memory);
            case Stage.PassOn:
                memory.Wake(RequestWaitWord.Servers, Waiters.Sleepers, 1);
                return Progress.Done;
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
            ScanFrom(slot, index, Stage.Scan);
            return Progress.WaitsFor(RequestWaitWord.Servers, _flags);
        }
        return !_waited && memory.Spin(ref _spins) ? ScanFrom(slot, index, Stage.Scan) : GoOn(Stage.LoadFlags);
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
        return _waited ? GoOn(Stage.LookForOthers) : Progress.Done;
    }

    // Who is the only one that could sleep owes nothing. Whoever slept when the flags were taken out had said before that it serves.
    private Progress LookForOthers<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_other >= memory.Slots)
        {
            return Progress.Done;
        }
        ulong peer = memory.Load(RequestPeerWord.Word(_other));
        bool mayWait = _other == server ? RequestPeerWord.HasSeveral(peer) : RequestPeerWord.Serves(peer);
        _other++;
        return mayWait ? GoOn(Stage.LoadFlags) : Progress.Continues;
    }

    private bool Flag<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _flags | (ulong)waiters;
        if (marked != _flags && !memory.CompareExchange(RequestWaitWord.Servers, ref _flags, marked))
        {
            return false;
        }
        _flags = marked;
        return true;
    }

    private Progress ScanAgain<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_scan.Step(ref memory))
        {
            _next = new RequestNotify(RequestWaitWord.Servers, 1);
            return GoOn(Stage.WakeNext);
        }
        return _scan.IsOver ? Progress.Done : Progress.Continues;
    }

    private Progress ScanFrom(int first, int firstIndex, Stage stage)
    {
        _scan = new RequestScan(cells, first, firstIndex);
        return GoOn(stage);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
