using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Serves requests that clients in other processes make (<see cref="RequestClient"/>), in shared memory. Several servers share the load: each call is
/// taken by one that is free.
/// </summary>
/// <remarks>
/// <para>Who opens it serves from then on: when it does not receive, clients wait. Disposing it is told to the clients whose requests it has
/// (<see cref="CallOutcome.ServerDied"/>), as its death is.</para>
/// <para>All members may be used by several threads at once.</para>
/// </remarks>
public sealed partial class ReplyServer : SharedObject
{
    private readonly SegmentMemory _memory;
    private readonly int _slot;

    // Where to look next, so that no client is passed over; threads may meet here.
    private int _nextSlot, _nextIndex;

    // For each cell the call that this server has in it; 0: none, or it was answered.
    private readonly ulong[] _held;

    private ReplyServer(Segment segment)
        : base(segment)
    {
        Place = new RequestPlace(segment);
        _memory = segment.Memory;
        _slot = segment.Slot;
        _held = new ulong[segment.Capacity * Place.Setup.MaxCalls];
        SegmentMemory memory = _memory;
        RequestPeerChange change = new(_slot, RequestRole.Serves, 0);
        Driver.Run(ref memory, ref change);
        RequestNotify notify = new(RequestWaitWord.Comers);
        Driver.Run(ref memory, ref notify);
    }

    /// <summary>The size of the largest request, in bytes.</summary>
    public int MaxRequest => Place.Setup.MaxRequest;

    /// <summary>The size of the largest reply, in bytes.</summary>
    public int MaxReply => Place.Setup.MaxReply;

    internal RequestPlace Place { get; }

    /// <summary>Makes a place for requests, with a name, and serves there.</summary>
    /// <inheritdoc cref="RequestClient.Create"/>
    public static ReplyServer Create(string name, RequestOptions? options = null) => Made(RequestSegments.Create(name, options ?? new()));

    /// <summary>Serves at a place that somebody has made.</summary>
    /// <inheritdoc cref="RequestClient.Open"/>
    public static ReplyServer Open(string name, SharedObjectOptions? options = null) =>
        Made(Segment.Open(RequestSetup.Kind, name, options ?? new()));

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="RequestClient.OpenOrCreate"/>
    public static ReplyServer OpenOrCreate(string name, RequestOptions? options = null)
    {
        ReplyServer made = Made(RequestSegments.OpenOrCreate(name, options ?? new()));
        RequestSegments.RequireSizes(made, made.Place.Setup, options ?? new());
        return made;
    }

    /// <summary>Makes a place without a name, to be handed on by <see cref="SharedObject.Share"/>, and serves there.</summary>
    /// <inheritdoc cref="RequestClient.Create"/>
    public static ReplyServer CreateUnnamed(RequestOptions? options = null) => Made(RequestSegments.Create(null, options ?? new()));

    /// <summary>Serves at an unnamed place that another process made.</summary>
    /// <inheritdoc cref="RequestClient.OpenUnnamed"/>
    public static ReplyServer OpenUnnamed(SafeHandle memory) => Made(Segment.Open(RequestSetup.Kind, memory));

    /// <summary>Looks at it without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public RequestStatus GetStatus() => new(Segment.TakeSnapshot(), Place.Setup, Place.Load);

    /// <summary>Takes a request; waits while there is none.</summary>
    /// <returns>To be answered and disposed.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public ReceivedRequest Receive()
    {
        TryReceive(Deadline.Never, out ReceivedRequest request);
        return request;
    }

    /// <summary>Takes a request, if there is one.</summary>
    /// <param name="request">When true is returned, to be answered and disposed.</param>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(out ReceivedRequest request)
    {
        while (true)
        {
            ReplyReceive receive = Begin(Waiters.None);
            Driver.Run(Segment, ref receive);
            if (!receive.Received)
            {
                request = default;
                return false;
            }
            if (TryAccept(receive.Slot, receive.Index, receive.Call, out request))
            {
                return true;
            }
        }
    }

    /// <summary>Takes a request; waits up to <paramref name="timeout"/> while there is none.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="request">When true is returned, to be answered and disposed.</param>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(TimeSpan timeout, out ReceivedRequest request) => TryReceive(Deadline.After(timeout), out request);

    /// <summary>Takes a request; completes when there is one.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled: no request was taken.</exception>
    /// <inheritdoc cref="Receive"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<ReceivedRequest> ReceiveAsync(CancellationToken cancellationToken = default) =>
        await TryReceiveAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false) ?? default;

    /// <summary>Takes a request; completes when there is one, or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when the time was up.</returns>
    /// <inheritdoc cref="ReceiveAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<ReceivedRequest?> TryReceiveAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            ReplyReceive receive = await Driver.RunAsync(Segment, Begin(Waiters.Bells), deadline, cancellationToken).ConfigureAwait(false);
            if (!receive.Received)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
            if (TryAccept(receive.Slot, receive.Index, receive.Call, out ReceivedRequest request))
            {
                return request;
            }
        }
    }

    private static ReplyServer Made(Segment segment) => SegmentSetup.Make(segment, static segment => new ReplyServer(segment));

    private bool TryReceive(Deadline deadline, out ReceivedRequest request)
    {
        while (true)
        {
            if (!TryFind(out int slot, out int index, out ulong call))
            {
                ReplyReceive receive = Begin(Waiters.Sleepers);
                Driver.Block(Segment, ref receive, deadline);
                if (!receive.Received)
                {
                    request = default;
                    return false;
                }
                (slot, index, call) = (receive.Slot, receive.Index, receive.Call);
            }
            if (TryAccept(slot, index, call, out request))
            {
                return true;
            }
        }
    }

    private ReplyReceive Begin(Waiters waiters) => new(Place.Cells, _slot, _nextSlot, _nextIndex, waiters);

    // As the steps of ReplyReceive while somebody calls all the time.
    private bool TryFind(out int slot, out int index, out ulong call)
    {
        int looks = Place.Spin.Limit;
        do
        {
            int slots = Segment.SlotsInUse;
            (int first, int firstIndex) = (_nextSlot < slots ? _nextSlot : 0, _nextIndex);
            for (int visited = 0; visited <= slots; visited++)
            {
                slot = first + visited < slots ? first + visited : first + visited - slots;
                int used = RequestPeerWord.CellsOf(Place.Load(RequestPeerWord.Word(slot)), Place.Setup.MaxCalls);
                looks -= used;
                for (index = visited == 0 ? firstIndex : 0; index < used; index++)
                {
                    int word = Place.Cells.Of(slot, index) + RequestCells.CallAt;
                    call = Place.Load(word);
                    if (RequestCallWord.StateOf(call) == RequestCallState.Posted && TryClaim(word, ref call))
                    {
                        Place.Spin.Succeed();
                        return true;
                    }
                    Place.AskForNextLine(word);
                }
            }
            looks -= slots;
        }
        while (looks > 0);
        Place.Spin.Fail();
        (slot, index, call) = (0, 0, 0);
        return false;
    }

    private bool TryClaim(int word, ref ulong call)
    {
        ulong claimed = RequestCallWord.Claimed(call, _slot);
        ulong found = call;
        call = claimed;
        return _memory.CompareExchange(word, ref found, claimed);
    }

    // What the client wrote is read once. One that says of itself what cannot be is ended: others are served.
    private bool TryAccept(int slot, int index, ulong call, out ReceivedRequest request)
    {
        Segment.ThrowIfDisposed();
        (_nextSlot, _nextIndex) = (slot, index + 1);
        int number = Place.Cells.NumberOf(slot, index), cell = Place.Cells.At(number);
        ulong info = Place.At(cell + RequestCells.RequestInfoAt), id = RequestCallWord.IdOf(call);
        if (RequestInfoWord.LengthOf(info) <= MaxRequest)
        {
            _held[number] = id;
            request = new ReceivedRequest(this, number, id, info);
            return true;
        }
        Publish(cell, RequestReplyWord.Of(id, RequestReplyState.Unanswered));
        request = default;
        return false;
    }
}
