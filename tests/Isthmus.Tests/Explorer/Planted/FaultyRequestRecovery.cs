namespace Isthmus.Tests.Explorer;

/// <summary>
/// The end of a dead server's call with a bug: a reply that is not that of the call is taken for an old one, and may be that of a newer call. The
/// explorer found it.
/// </summary>
internal struct FaultyRequestRecovery(RequestCells cells, int dead, bool proven) : IOperation
{
    private enum Stage
    {
        LookAtCall,
        Prove,
        LookAtReply,
        EndReply,
        Rest,
    }

    private RequestRecovery _rest = new(cells, dead, proven);
    private Stage _stage;
    private ulong _call;
    private ulong _reply;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        int cell = cells.Of(0, 0);
        switch (_stage)
        {
            case Stage.LookAtCall:
                _call = memory.Load(cell + RequestCells.CallAt);
                bool isTheirs = RequestCallWord.StateOf(_call) >= RequestCallState.Claimed && RequestCallWord.ServerOf(_call) == dead;
                _stage = !isTheirs ? Stage.Rest : proven ? Stage.LookAtReply : Stage.Prove;
                return Progress.Continues;
            case Stage.Prove:
                _stage = memory.IsDead(dead) ? Stage.LookAtReply : Stage.Rest;
                return Progress.Continues;
            case Stage.LookAtReply:
                _reply = memory.Load(cell + cells.ReplyAt);
                _stage = RequestReplyWord.Ends(_reply, RequestCallWord.IdOf(_call)) ? Stage.Rest : Stage.EndReply;
                return Progress.Continues;
            case Stage.EndReply:
                ulong died = RequestReplyWord.Of(RequestCallWord.IdOf(_call), RequestReplyState.Died);
                memory.CompareExchange(cell + cells.ReplyAt, ref _reply, died);
                _stage = Stage.Rest;
                return Progress.Continues;
            default:
                return _rest.Step(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}
