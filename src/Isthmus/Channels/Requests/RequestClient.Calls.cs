using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>The steps of a call.</content>
public sealed partial class RequestClient
{
    private ReplyParts CallInParts(ReadOnlySpan<byte> request, Deadline deadline) =>
        TryPost(request, inParts: true, deadline, out int index, out CallOutcome refused)
            ? new ReplyParts(this, index, deadline)
            : new ReplyParts(this, refused);

    private CallReply Call(ReadOnlySpan<byte> request, Deadline deadline)
    {
        if (!TryPost(request, inParts: false, deadline, out int index, out CallOutcome refused))
        {
            return new CallReply(refused);
        }
        if (TryLook(index, 0, out ulong word))
        {
            return Take(index, word);
        }
        RequestEnd end = Wait(index, 0, deadline, ref word);
        return end == RequestEnd.News ? Take(index, word) : new CallReply(GivenUp(index, end));
    }

    // As the steps of RequestPublish, behind the copy of the request.
    private unsafe bool TryPost(ReadOnlySpan<byte> request, bool inParts, Deadline deadline, out int index, out CallOutcome refused)
    {
        if (request.Length > MaxRequest)
        {
            throw new ArgumentException($"The request has {request.Length} bytes, and may have {MaxRequest}.", nameof(request));
        }
        if (!FindServer())
        {
            Segment.ThrowIfDisposed();
            (index, refused) = (-1, CallOutcome.NoServer);
            return false;
        }
        if (!_pool.TryTake(out index))
        {
            Segment.ThrowIfDisposed();
            refused = CallOutcome.Busy;
            return false;
        }
        refused = default;
        int cell = _pool.CellOf(index);
        request.CopyTo(new Span<byte>(_place.RequestOf(cell), MaxRequest));
        _place.At(cell + RequestCells.RequestInfoAt) = RequestInfoWord.Of(request.Length, inParts, deadline);
        _place.Post(cell, _pool.IdOf(index));
        return true;
    }

    // As the first steps of RequestAwait.
    internal bool TryLook(int index, ulong seen, out ulong word)
    {
        int at = _pool.CellOf(index) + _place.Cells.ReplyAt;
        ulong id = _pool.IdOf(index);
        int looks = _place.Spin.Limit;
        do
        {
            word = _place.Load(at);
            if (RequestReplyWord.IsNews(word, id, seen))
            {
                _place.Spin.Succeed();
                return true;
            }
            _place.AskForNextLine(at);
        }
        while (--looks > 0);
        _place.Spin.Fail();
        return false;
    }

    internal RequestEnd Wait(int index, ulong seen, Deadline deadline, ref ulong word)
    {
        RequestAwait wait = new(_place.Cells, _pool.CellOf(index), _pool.IdOf(index), seen, Waiters.Sleepers);
        Driver.Block(Segment, ref wait, deadline);
        word = wait.Reply;
        return wait.End;
    }

    internal ValueTask<RequestAwait> WaitAsync(int index, ulong seen, Deadline deadline, CancellationToken cancellationToken) => Driver.RunAsync(
        Segment,
        new RequestAwait(_place.Cells, _pool.CellOf(index), _pool.IdOf(index), seen, Waiters.Bells),
        deadline,
        cancellationToken);

    private CallReply Take(int index, ulong word)
    {
        try
        {
            RequestReplyState state = RequestReplyWord.StateOf(word);
            if (state is RequestReplyState.Replied or RequestReplyState.Failed)
            {
                int length = LengthOf(index, out int code);
                CallOutcome outcome = state == RequestReplyState.Replied ? CallOutcome.Replied : CallOutcome.Failed;
                return new CallReply(outcome, this, index, PartOf(index, length), code);
            }
            Segment.ThrowIfDisposed();
            if (state == RequestReplyState.Frame)
            {
                throw Damaged("a reply came in parts, which was not asked for");
            }
            _pool.Free(index);
            return new CallReply(OutcomeOf(state));
        }
        catch (InvalidDataException)
        {
            Abandon(index);
            throw;
        }
    }

    internal unsafe ReadOnlySpan<byte> PartOf(int index, int length) => new(_place.ReplyOf(_pool.CellOf(index)), length);

    /// <summary>The length of what the server wrote, read once and checked.</summary>
    internal int LengthOf(int index, out int code)
    {
        ulong info = _place.At(_pool.CellOf(index) + _place.Cells.ReplyAt + RequestCells.ReplyInfoAt);
        uint length = (uint)info;
        code = (int)(info >> 32);
        Segment.ThrowIfDisposed();
        return length <= (uint)MaxReply ? (int)length : throw Damaged($"a reply says that it has {length} bytes, and it can have {MaxReply}");
    }

    internal void TakePart(int index)
    {
        RequestTake take = new(_pool.CellOf(index), _pool.IdOf(index));
        Driver.Run(Segment, ref take);
    }

    internal static CallOutcome OutcomeOf(RequestReplyState state) => state switch
    {
        RequestReplyState.Died => CallOutcome.ServerDied,
        RequestReplyState.Unanswered => CallOutcome.Unanswered,
        _ => CallOutcome.Replied,
    };

    internal CallOutcome GivenUp(int index, RequestEnd end)
    {
        if (end == RequestEnd.Cancelled)
        {
            _pool.Leave(index);
            return CallOutcome.TimedOut;
        }
        _pool.Free(index);
        return end == RequestEnd.NoServer ? CallOutcome.NoServer : CallOutcome.TimedOut;
    }

    /// <summary>Gives a call up at once, whatever has come of it.</summary>
    internal void Abandon(int index)
    {
        SegmentMemory memory = _place.Memory;
        ulong id = _pool.IdOf(index), seen = 0;
        RequestAwait wait;
        do
        {
            // The server writes no other part before we take the one that is there.
            wait = new RequestAwait(_place.Cells, _pool.CellOf(index), id, seen, Waiters.Sleepers);
            wait.Withdraw();
            Driver.Run(ref memory, ref wait);
            seen = wait.Reply;
        }
        while (wait.End == RequestEnd.News && !RequestReplyWord.Ends(seen, id));
        GivenUp(index, wait.End);
    }

    private InvalidDataException Damaged(string what) => new($"{Segment} is damaged: {what}.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool FindServer() => RequestPeerWord.Serves(_place.Load(RequestPeerWord.Word(_server))) || FindAnother();

    private bool FindAnother()
    {
        int slots = Segment.SlotsInUse;
        for (int slot = 0; slot < slots; slot++)
        {
            if (RequestPeerWord.Serves(_place.Load(RequestPeerWord.Word(slot))))
            {
                _server = slot;
                return true;
            }
        }
        return false;
    }
}
