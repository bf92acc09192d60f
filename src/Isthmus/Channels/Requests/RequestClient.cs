using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Makes requests of servers in other processes, in shared memory, and gets their replies: at the speed at which cache lines move while both sides are
/// awake. Any number of clients and servers meet in one place; each call is done by one server.
/// </summary>
/// <remarks>
/// <para>What can go wrong with a call is a value (<see cref="CallOutcome"/>). A call is made at most once: when its server dies, the client is told, and
/// nobody does it again.</para>
/// <para>All members may be used by several threads at once; each call has its own place, <see cref="RequestOptions.MaxCalls"/> at once.</para>
/// </remarks>
public sealed partial class RequestClient : SharedObject
{
    private readonly RequestPlace _place;
    private readonly RequestCellPool _pool;

    // The slot of a server, as far as we know.
    private int _server;

    private RequestClient(Segment segment)
        : base(segment)
    {
        _place = new RequestPlace(segment);
        _pool = new RequestCellPool(_place);
    }

    /// <summary>The size of the largest request, in bytes.</summary>
    public int MaxRequest => _place.Setup.MaxRequest;

    /// <summary>The size of the largest reply, in bytes.</summary>
    public int MaxReply => _place.Setup.MaxReply;

    /// <summary>How many calls of this client may be on their way at once.</summary>
    public int MaxCalls => _place.Setup.MaxCalls;

    /// <summary>Whether somebody serves just now.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public bool HasServer
    {
        get
        {
            bool found = FindServer();
            Segment.ThrowIfDisposed();
            return found;
        }
    }

    /// <summary>Makes a place for requests, with a name, and takes part as a client.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="options">Its sizes, who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name; or its sizes are too large, with those that would fit.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static RequestClient Create(string name, RequestOptions? options = null) => Made(RequestSegments.Create(name, options ?? new()));

    /// <summary>Takes part as a client in what somebody has made.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no place for requests of this format.</exception>
    public static RequestClient Open(string name, SharedObjectOptions? options = null) =>
        Made(Segment.Open(RequestSetup.Kind, name, options ?? new()));

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no place for requests of this format, or has other sizes.</exception>
    public static RequestClient OpenOrCreate(string name, RequestOptions? options = null)
    {
        RequestClient made = Made(RequestSegments.OpenOrCreate(name, options ?? new()));
        RequestSegments.RequireSizes(made, made._place.Setup, options ?? new());
        return made;
    }

    /// <summary>Makes a place without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static RequestClient CreateUnnamed(RequestOptions? options = null) => Made(RequestSegments.Create(null, options ?? new()));

    /// <summary>Takes part as a client in an unnamed place that another process made.</summary>
    /// <param name="memory">What <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no place for requests of this format.</exception>
    public static RequestClient OpenUnnamed(SafeHandle memory) => Made(Segment.Open(RequestSetup.Kind, memory));

    /// <summary>Looks at a place for requests without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static RequestStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        RequestStatus.Take(name, options ?? new());

    /// <summary>Looks at it without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public RequestStatus GetStatus() => new(Segment.TakeSnapshot(), _place.Setup, _place.Load);

    /// <summary>Waits until somebody serves.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public void WaitForServer() => TryWaitForServer(Timeout.InfiniteTimeSpan);

    /// <summary>Waits until somebody serves, at most <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitForServer"/>
    public bool TryWaitForServer(TimeSpan timeout)
    {
        RequestAwaitServer wait = new(Waiters.Sleepers);
        Driver.Block(Segment, ref wait, Deadline.After(timeout));
        return wait.Found;
    }

    /// <summary>Completes when somebody serves.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <inheritdoc cref="WaitForServer"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public async ValueTask WaitForServerAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequestAwaitServer wait = await Driver.RunAsync(
            Segment, new RequestAwaitServer(Waiters.Bells), Deadline.Never, cancellationToken).ConfigureAwait(false);
        if (!wait.Found)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Makes a call and waits for its reply.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this waits.</param>
    /// <returns>What it came to; dispose it when the reply was read.</returns>
    /// <exception cref="ArgumentException">The request is too long.</exception>
    /// <exception cref="InvalidDataException">What stands there is no reply: the segment is damaged.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public CallReply Call(ReadOnlySpan<byte> request) => Call(request, Deadline.Never);

    /// <summary>Makes a call and waits for its reply, at most <paramref name="timeout"/>.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this waits.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="reply">What it came to; dispose it when the reply was read.</param>
    /// <returns>False when the time was up (<see cref="CallOutcome.TimedOut"/>); a server that had the call is told.</returns>
    /// <inheritdoc cref="Call(ReadOnlySpan{byte})"/>
    public bool TryCall(ReadOnlySpan<byte> request, TimeSpan timeout, out CallReply reply)
    {
        reply = Call(request, Deadline.After(timeout));
        return reply.Outcome != CallOutcome.TimedOut;
    }

    /// <summary>Makes a call, waits for its reply and copies it.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this waits.</param>
    /// <param name="reply">Where to copy it; <see cref="MaxReply"/> bytes are always enough.</param>
    /// <returns>What it came to, and the reply's length.</returns>
    /// <inheritdoc cref="Call(ReadOnlySpan{byte})"/>
    public CallResult Call(ReadOnlySpan<byte> request, Span<byte> reply)
    {
        using CallReply loan = Call(request, Deadline.Never);
        return CopyOut(loan, reply);
    }

    /// <summary>Makes a call, waits for its reply, at most <paramref name="timeout"/>, and copies it.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this waits.</param>
    /// <param name="reply">Where to copy it; <see cref="MaxReply"/> bytes are always enough.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="result">What it came to, and the reply's length.</param>
    /// <returns>False when the time was up (<see cref="CallOutcome.TimedOut"/>); a server that had the call is told.</returns>
    /// <inheritdoc cref="Call(ReadOnlySpan{byte})"/>
    public bool TryCall(ReadOnlySpan<byte> request, Span<byte> reply, TimeSpan timeout, out CallResult result)
    {
        using CallReply loan = Call(request, Deadline.After(timeout));
        result = CopyOut(loan, reply);
        return result.Outcome != CallOutcome.TimedOut;
    }

    /// <summary>Makes a call; completes when its reply was copied.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this returns.</param>
    /// <param name="reply">Where to copy it; <see cref="MaxReply"/> bytes are always enough.</param>
    /// <param name="cancellationToken">Gives the call up. A server that has it already is told; it may have done its work.</param>
    /// <returns>What it came to, and the reply's length.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    /// <inheritdoc cref="Call(ReadOnlySpan{byte})"/>
    public ValueTask<CallResult> CallAsync(
        ReadOnlyMemory<byte> request, Memory<byte> reply, CancellationToken cancellationToken = default) =>
        TryCallAsync(request, reply, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Makes a call; completes when its reply was copied, or after <paramref name="timeout"/>.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this returns.</param>
    /// <param name="reply">Where to copy it; <see cref="MaxReply"/> bytes are always enough.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Gives the call up. A server that has it already is told; it may have done its work.</param>
    /// <returns>What it came to (<see cref="CallOutcome.TimedOut"/>: the time was up), and the reply's length.</returns>
    /// <inheritdoc cref="CallAsync(ReadOnlyMemory{byte}, Memory{byte}, CancellationToken)"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<CallResult> TryCallAsync(
        ReadOnlyMemory<byte> request, Memory<byte> reply, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        if (!TryPost(request.Span, inParts: false, deadline, out int index, out CallOutcome refused))
        {
            return new CallResult(refused);
        }
        if (!TryLook(index, 0, out ulong word))
        {
            RequestAwait wait = await WaitAsync(index, 0, deadline, cancellationToken).ConfigureAwait(false);
            if (wait.End != RequestEnd.News)
            {
                CallOutcome outcome = GivenUp(index, wait.End);
                if (outcome == CallOutcome.TimedOut)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
                return new CallResult(outcome);
            }
            word = wait.Reply;
        }
        using CallReply loan = Take(index, word);
        return CopyOut(loan, reply.Span);
    }

    /// <summary>Makes a call whose reply comes in parts, of any number; a server that answers in one piece makes one part.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this returns.</param>
    /// <returns>To be read, and disposed; it takes one of <see cref="MaxCalls"/> until then.</returns>
    /// <exception cref="ArgumentException">The request is too long.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public ReplyParts CallInParts(ReadOnlySpan<byte> request) => CallInParts(request, Deadline.Never);

    /// <summary>Makes a call whose reply comes in parts, all of them within <paramref name="timeout"/>.</summary>
    /// <param name="request">At most <see cref="MaxRequest"/> bytes; copied before this returns.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <inheritdoc cref="CallInParts(ReadOnlySpan{byte})"/>
    public ReplyParts CallInParts(ReadOnlySpan<byte> request, TimeSpan timeout) => CallInParts(request, Deadline.After(timeout));

    /// <summary>The place of a reply is free again.</summary>
    internal void GiveBack(int index) => _pool.Free(index);

    private static RequestClient Made(Segment segment) => SegmentSetup.Make(segment, static segment => new RequestClient(segment));

    private static CallResult CopyOut(in CallReply loan, Span<byte> reply)
    {
        ReadOnlySpan<byte> bytes = loan.Span;
        if (bytes.Length > reply.Length)
        {
            bytes[..reply.Length].CopyTo(reply);
            return new CallResult(loan.IsReply ? CallOutcome.Truncated : loan.Outcome, bytes.Length, loan.ErrorCode);
        }
        bytes.CopyTo(reply);
        return new CallResult(loan.Outcome, bytes.Length, loan.ErrorCode);
    }
}
