namespace Isthmus;

/// <summary>
/// Repairs what a dead participant has left: it serves no more; its calls are taken back, or cancelled at the servers that have them; the calls that it
/// had are ended. Then all who wait are woken, because it may have died with a wake that it owed or had been given.
/// </summary>
/// <param name="cells">Where the cells are.</param>
/// <param name="dead">Whose slot.</param>
/// <param name="proven">Whether the slot's life lock is held by who recovers; else the death is proved between reading and changing.</param>
internal struct RequestRecovery(RequestCells cells, int dead, bool proven) : IOperation
{
    private enum Stage
    {
        LookAtPeer,
        ProvePeer,
        EndService,
        NextSlot,
        LookAtCall,
        ProveCall,
        GiveUpCall,
        LookAtReply,
        EndReply,
        LookAtSleeper,
        RaiseSleeper,
        WakeClient,
        WakeServer,
        WakeServers,
        WakeComers,
    }

    private Stage _stage;
    private ulong _peer;
    private ulong _call;
    private ulong _reply;
    private ulong _sleeper;
    private int _slot;
    private int _index;
    private int _used;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookAtPeer:
                _peer = memory.Load(RequestPeerWord.Word(dead));
                return GoOn(!RequestPeerWord.Serves(_peer) ? Stage.NextSlot : proven ? Stage.EndService : Stage.ProvePeer);
            case Stage.ProvePeer:
                return GoOn(memory.IsDead(dead) ? Stage.EndService : Stage.NextSlot);
            case Stage.EndService:
                // When it fails, another has done it, or has come to the slot.
                memory.CompareExchange(RequestPeerWord.Word(dead), ref _peer, RequestPeerWord.NotServing(_peer));
                return GoOn(Stage.NextSlot);
            case Stage.NextSlot:
                return NextSlot(ref memory);
            case Stage.LookAtCall:
                _call = memory.Load(Cell + RequestCells.CallAt);
                return Decide();
            case Stage.ProveCall:
                return GoOn(memory.IsDead(dead) ? Repair : Stage.LookAtSleeper);
            case Stage.GiveUpCall:
                return GiveUpCall(ref memory);
            case Stage.LookAtReply:
                _reply = memory.Load(Cell + cells.ReplyAt);
                return GoOn(IsOpen ? Stage.EndReply : Stage.LookAtSleeper);
            case Stage.EndReply:
                // When it fails, another has done it, and the cell may have a newer call.
                ulong died = RequestReplyWord.Of(RequestCallWord.IdOf(_call), RequestReplyState.Died);
                memory.CompareExchange(Cell + cells.ReplyAt, ref _reply, died);
                return GoOn(Stage.LookAtSleeper);
            case Stage.LookAtSleeper:
                _sleeper = memory.Load(Cell + RequestCells.WaitAt);
                return GoOn(WaiterFlags.Of(_sleeper) == Waiters.None ? Stage.WakeClient : Stage.RaiseSleeper);
            case Stage.RaiseSleeper:
                return GoOn(
                    memory.CompareExchange(Cell + RequestCells.WaitAt, ref _sleeper, RequestWaitWord.Raised(_sleeper))
                        ? Stage.WakeClient
                        : Stage.LookAtSleeper);
            case Stage.WakeClient:
                memory.Wake(Cell + RequestCells.WaitAt, Waiters.All, int.MaxValue);
                return RequestCallWord.StateOf(_call) >= RequestCallState.Claimed ? GoOn(Stage.WakeServer) : NextCell();
            case Stage.WakeServer:
                memory.Wake(Cell + RequestCells.CallAt, Waiters.All, int.MaxValue);
                return NextCell();
            case Stage.WakeServers:
                memory.Wake(RequestWaitWord.Servers, Waiters.All, int.MaxValue);
                return GoOn(Stage.WakeComers);
            default:
                memory.Wake(RequestWaitWord.Comers, Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private readonly int Cell => cells.Of(_slot, _index);

    // Not one that was answered; nor is there a newer one in the cell, which the dead never had.
    private readonly bool IsOpen
    {
        get
        {
            ulong id = RequestCallWord.IdOf(_call);
            return RequestReplyWord.IdOf(_reply) <= id && !RequestReplyWord.Ends(_reply, id);
        }
    }

    private readonly bool IsOwn => _slot == dead;

    private readonly Stage Repair => IsOwn ? Stage.GiveUpCall : Stage.LookAtReply;

    private Progress NextSlot<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_slot >= memory.Slots)
        {
            return GoOn(Stage.WakeServers);
        }
        _used = RequestPeerWord.CellsOf(memory.Load(RequestPeerWord.Word(_slot)), cells.PerSlot);
        _index = -1;
        return NextCell();
    }

    private Progress NextCell()
    {
        if (++_index < _used)
        {
            return GoOn(Stage.LookAtCall);
        }
        _slot++;
        return GoOn(Stage.NextSlot);
    }

    private Progress Decide()
    {
        RequestCallState state = RequestCallWord.StateOf(_call);
        if (state == RequestCallState.Idle)
        {
            return NextCell();
        }
        bool isTheirs = IsOwn
            ? state is RequestCallState.Posted or RequestCallState.Claimed
            : state >= RequestCallState.Claimed && RequestCallWord.ServerOf(_call) == dead;
        return GoOn(!isTheirs ? Stage.LookAtSleeper : proven ? Repair : Stage.ProveCall);
    }

    // When it fails: a server has taken it, or says that it waits; or another has recovered it.
    private Progress GiveUpCall<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory =>
        GoOn(memory.CompareExchange(Cell + RequestCells.CallAt, ref _call, RequestCallWord.GivenUp(_call)) ? Stage.LookAtSleeper : Stage.LookAtCall);

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
