namespace Isthmus;

/// <summary>
/// Waits until a server says something of a call. It is over, too, when nobody is there who could; when it is given up, the call is taken back from
/// those who have not begun, and cancelled at the one who has.
/// </summary>
/// <param name="cells">Where the cells are.</param>
/// <param name="cell">That of the call.</param>
/// <param name="id">The call's.</param>
/// <param name="seen">The reply word that is known already, of a reply in parts; 0.</param>
/// <param name="waiters">How it waits.</param>
internal struct RequestAwait(RequestCells cells, int cell, ulong id, ulong seen, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        LoadFlags,
        Mark,
        Fence,
        LookAgain,
        LookAtCall,
        LookForServers,
        TakeBack,
        GiveUp,
        LookToGiveUp,
        Cancel,
        TellServer,
    }

    private Stage _stage;
    private ulong _reply;
    private ulong _flags;
    private ulong _call;
    private int _slot;
    private int _spins;
    private bool _waited;

    /// <summary>What it came to.</summary>
    public RequestEnd End { get; private set; }

    /// <summary>The reply word as it was read last.</summary>
    public readonly ulong Reply => _reply;

    private readonly int WaitWord => cell + RequestCells.WaitAt;

    private readonly int CallWord => cell + RequestCells.CallAt;

    private readonly int ReplyWord => cell + cells.ReplyAt;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory => _stage switch
        {
            Stage.Look => Look(ref memory),
            Stage.LoadFlags => LoadFlags(ref memory),
            Stage.Mark => Mark(ref memory),
            Stage.Fence => Fence(ref memory),
            Stage.LookAgain => HasNews(ref memory) ? Over(RequestEnd.News) : GoOn(Stage.LookAtCall),
            Stage.LookAtCall => LookAtCall(ref memory),
            Stage.LookForServers => LookForServers(ref memory),
            Stage.TakeBack => TakeBack(ref memory),
            Stage.GiveUp => HasNews(ref memory) ? Over(RequestEnd.News) : GoOn(Stage.LookToGiveUp),
            Stage.LookToGiveUp => LookToGiveUp(ref memory),
            Stage.Cancel => Cancel(ref memory),
            _ => TellServer(ref memory),
        };

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (HasNews(ref memory))
        {
            return Over(RequestEnd.News);
        }
        return GoOn(!_waited && memory.Spin(ref _spins) ? Stage.Look : Stage.LoadFlags);
    }

    private bool HasNews<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // Acquire: pairs with the store that published what it tells of.
        _reply = memory.Load(ReplyWord);
        return RequestReplyWord.IsNews(_reply, id, seen);
    }

    private Progress LoadFlags<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        _flags = memory.Load(WaitWord);
        return GoOn(Stage.Mark);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _flags | (ulong)waiters;
        if (marked != _flags && !memory.CompareExchange(WaitWord, ref _flags, marked))
        {
            return Progress.Continues;
        }
        _flags = marked;
        _waited = true;
        return GoOn(Stage.Fence);
    }

    private Progress Fence<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        memory.SleeperFence();
        return GoOn(Stage.LookAgain);
    }

    private Progress LookAtCall<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        _call = memory.Load(CallWord);
        if (RequestCallWord.StateOf(_call) != RequestCallState.Posted)
        {
            return Sleep();
        }
        _slot = 0;
        return GoOn(Stage.LookForServers);
    }

    // Who leaves takes back that it serves before it wakes those who wait: after the flag stands in the word, no departure is missed.
    private Progress LookForServers<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_slot >= memory.Slots)
        {
            return GoOn(Stage.TakeBack);
        }
        return RequestPeerWord.Serves(memory.Load(RequestPeerWord.Word(_slot++))) ? Sleep() : Progress.Continues;
    }

    // When it fails, a server has come, and has taken it.
    private Progress TakeBack<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory =>
        memory.CompareExchange(CallWord, ref _call, RequestCallWord.GivenUp(_call)) ? Over(RequestEnd.NoServer) : GoOn(Stage.LookAgain);

    private Progress LookToGiveUp<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        _call = memory.Load(CallWord);
        return GoOn(Stage.Cancel);
    }

    private Progress Cancel<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        RequestCallState state = RequestCallWord.StateOf(_call);
        if (state is RequestCallState.Idle or RequestCallState.Cancelled)
        {
            // Our attachment was disposed meanwhile.
            return Over(RequestEnd.Cancelled);
        }
        ulong found = _call;
        if (!memory.CompareExchange(CallWord, ref found, RequestCallWord.GivenUp(_call)))
        {
            _call = found;
            return Progress.Continues;
        }
        if (state == RequestCallState.Posted)
        {
            return Over(RequestEnd.TakenBack);
        }
        End = RequestEnd.Cancelled;
        return WaiterFlags.Of(_call) == Waiters.None ? Progress.Done : GoOn(Stage.TellServer);
    }

    private readonly Progress TellServer<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        memory.Wake(CallWord, WaiterFlags.Of(_call), int.MaxValue);
        return Progress.Done;
    }

    private Progress Sleep()
    {
        _stage = Stage.Look;
        return Progress.WaitsFor(WaitWord, _flags);
    }

    private Progress Over(RequestEnd end)
    {
        End = end;
        return Progress.Done;
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
