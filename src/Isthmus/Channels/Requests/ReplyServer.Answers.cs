using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>What becomes of a request that was received.</content>
public sealed partial class ReplyServer
{
    private readonly ConcurrentDictionary<int, RequestCancellation> _cancellations = new();

    // For each cell how many parts of its reply were written.
    private int[]? _parts;

    internal bool IsCancelled(int number, ulong id)
    {
        bool cancelled = !RequestCallWord.IsClaimed(CallOf(number), id);
        Segment.ThrowIfDisposed();
        return cancelled;
    }

    internal CancellationToken CancellationOf(int number, ulong id)
    {
        RequireHeld(number, id);
        return _cancellations.GetOrAdd(
            number, static (number, server) => new RequestCancellation(server.Segment, server.Place.Cells.At(number), server._held[number]), this).Token;
    }

    internal unsafe bool Answer(int number, ulong id, RequestReplyState state, int code, ReadOnlySpan<byte> bytes)
    {
        RequireRoom(bytes.Length);
        RequireHeld(number, id);
        bytes.CopyTo(new Span<byte>(Place.ReplyOf(Place.Cells.At(number)), MaxReply));
        return Finish(number, id, state, code, bytes.Length);
    }

    internal bool AnswerInPlace(int number, ulong id, RequestReplyState state, int length)
    {
        RequireHeld(number, id);
        return Finish(number, id, state, 0, length);
    }

    internal void Leave(int number, ulong id)
    {
        if (_held[number] == id)
        {
            Forget(number);
            Publish(Place.Cells.At(number), RequestReplyWord.Of(id, RequestReplyState.Unanswered));
        }
    }

    internal bool WritePart(int number, in ReceivedRequest request, ReadOnlySpan<byte> part)
    {
        ReplyWatch watch = Write(number, request, part, Waiters.Sleepers);
        Driver.Block(Segment, ref watch, Deadline.Never);
        return watch.Taken;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    internal async ValueTask<bool> WritePartAsync(
        int number, ReceivedRequest request, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReplyWatch watch = await Driver.RunAsync(
            Segment, Write(number, request, part.Span, Waiters.Bells), Deadline.Never, cancellationToken).ConfigureAwait(false);
        if (!watch.Taken && !watch.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return watch.Taken;
    }

    // The wait for the client to take it is what is returned.
    private unsafe ReplyWatch Write(int number, in ReceivedRequest request, ReadOnlySpan<byte> part, Waiters waiters)
    {
        RequireRoom(part.Length);
        RequireHeld(number, request.Id);
        if (!request.WantsParts)
        {
            throw new InvalidOperationException("The client takes no reply in parts.");
        }
        int[] parts = _parts ?? Interlocked.CompareExchange(ref _parts, new int[_held.Length], null) ?? _parts;
        int cell = Place.Cells.At(number), count = ++parts[number];
        part.CopyTo(new Span<byte>(Place.ReplyOf(cell), MaxReply));
        Place.At(cell + Place.Cells.ReplyAt + RequestCells.ReplyInfoAt) = (uint)part.Length;
        Publish(cell, RequestReplyWord.Of(request.Id, RequestReplyState.Frame, count));
        return new ReplyWatch(cell, request.Id, (count & 1) != 0 ? RequestCallWord.TakenBit : 0, waiters);
    }

    // The reply word is not read before: its line is just where the client looks.
    private bool Finish(int number, ulong id, RequestReplyState state, int code, int length)
    {
        Forget(number);
        int cell = Place.Cells.At(number);
        bool isWanted = RequestCallWord.IsClaimed(CallOf(number), id);
        Place.At(cell + Place.Cells.ReplyAt + RequestCells.ReplyInfoAt) = (uint)length | ((ulong)(uint)code << 32);
        Publish(cell, RequestReplyWord.Of(id, state));
        Segment.ThrowIfDisposed();
        return isWanted;
    }

    // As the steps of RequestPublish.
    private void Publish(int cell, ulong reply) =>
        Place.Publish(cell, reply);

    private ulong CallOf(int number) => Place.Load(Place.Cells.At(number) + RequestCells.CallAt);

    private void Forget(int number)
    {
        _held[number] = 0;
        if (_parts is { } parts)
        {
            parts[number] = 0;
        }
        if (!_cancellations.IsEmpty && _cancellations.TryRemove(number, out RequestCancellation? cancellation))
        {
            cancellation.End();
        }
    }

    private void RequireHeld(int number, ulong id)
    {
        Segment.ThrowIfDisposed();
        if (_held[number] != id)
        {
            throw new InvalidOperationException("The request was answered before.");
        }
    }

    private void RequireRoom(int length)
    {
        if (length > MaxReply)
        {
            throw new ArgumentException($"The reply has {length} bytes, and may have {MaxReply}.");
        }
    }
}
