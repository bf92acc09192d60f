using Isthmus.Native;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// One side of one direction, with all that the two sides have in common: the ring of bytes in the segment's data, where each side is, and how it
/// waits for the other. What the other side writes is copied once and checked before it is used.
/// </summary>
/// <remarks>
/// The positions count bytes and are never less than before; a byte stands at its position modulo the capacity. Both are kept here too: what stands
/// in the segment is for the other side, and is read back by nobody.
/// </remarks>
internal abstract unsafe class StreamRing
{
    // Some hundred loads without a pause: as long as a line of memory takes to come over from another core, and back.
    private const int TightLoads = 400;

    // So that the other side can begin while this one copies on.
    private const int PieceMax = 16 * 1024;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private readonly StreamSide _side;
    private readonly SegmentMemory _memory;
    private readonly byte* _bytes;
    private readonly ulong* _own;
    private readonly ulong* _other;
    private readonly ulong* _otherWait;
    private readonly ulong* _otherEnd;
    private int _isBusy;

    private protected StreamRing(Segment segment, StreamSide side, int direction, int capacity)
    {
        Segment = segment;
        Capacity = (uint)capacity;
        _side = side;
        _memory = segment.Memory;
        _bytes = segment.Data + ((long)direction * capacity);
        _own = At(side.Own);
        _other = At(side.Other);
        _otherWait = At(side.OtherWait);
        _otherEnd = At(side.OtherEnd);

        ulong* At(int word) => (ulong*)segment.State + word;
    }

    /// <summary>In bytes, a power of two; from a copy that was checked.</summary>
    protected uint Capacity { get; }

    /// <summary>The stream's.</summary>
    protected Segment Segment { get; }

    /// <summary>Where this side is.</summary>
    protected ulong Position { get; private set; }

    /// <summary>How many bytes may be copied at once.</summary>
    protected int Piece => (int)Math.Min(PieceMax, Capacity / 2);

    /// <summary>Whether the other end is gone.</summary>
    protected bool OtherIsGone => StreamEndWord.IsGone(Volatile.Read(ref *_otherEnd));

    /// <summary>Lets one in at a time: of bytes that two read or write at once nobody could say who has which.</summary>
    /// <exception cref="InvalidOperationException">Another is in.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Enter()
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            ThrowBusy();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Leave() => Volatile.Write(ref _isBusy, 0);

    /// <summary>The other side's position, the whole word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ulong LookAtOther() => Volatile.Read(ref *_other);

    /// <summary>The bytes at this side's position; fewer than asked for at the end of the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected Span<byte> BytesHere(int count)
    {
        uint at = (uint)Position & (Capacity - 1);
        // SAFETY: the capacity was checked against the size of the data, and the place is below it.
        return new Span<byte>(_bytes + at, (int)Math.Min((uint)count, Capacity - at));
    }

    /// <summary>As the steps of <see cref="StreamPublish"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void MoveOn(int count, ulong flag = 0)
    {
        Position += (uint)count;
        // Release: who sees the position sees the bytes, or, of a reader's, that they were copied.
        Volatile.Write(ref *_own, Position | flag);
        _memory.PublisherFence();
        if (WaiterFlags.Of(Volatile.Read(ref *_otherWait)) != Waiters.None)
        {
            WakeOther();
        }
        Segment.ThrowIfDisposed();
    }

    /// <summary>Blocks until the other side's position is another one, its end is gone, or the time is up.</summary>
    /// <param name="blocked">With which there is reason to wait.</param>
    /// <param name="wanted">Of a writer: where it must be, at least.</param>
    /// <param name="deadline">For how long.</param>
    protected StreamAwait Wait(ulong blocked, ulong wanted, Deadline deadline)
    {
        for (int loads = s_canSpin ? TightLoads : 0; loads > 0 && LookAtOther() == blocked; loads--)
        {
        }
        StreamAwait wait = new(_side, blocked, wanted, Waiters.Sleepers);
        Driver.Block(Segment, ref wait, deadline);
        return wait;
    }

    /// <summary>Completes when the other side's position is another one, or its end is gone.</summary>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was done.</exception>
    protected ValueTask<StreamAwait> WaitAsync(ulong blocked, ulong wanted, CancellationToken cancellationToken) =>
        Driver.RunAsync(Segment, new StreamAwait(_side, blocked, wanted, Waiters.Bells), Deadline.Never, cancellationToken);

    /// <summary>Looks without waiting.</summary>
    protected StreamAwait Look(ulong blocked)
    {
        StreamAwait look = new(_side, blocked, 0, Waiters.None);
        Driver.Run(Segment, ref look);
        return look;
    }

    [DoesNotReturn]
    protected void ThrowDamaged(ulong word)
    {
        Segment.ThrowIfDisposed();
        throw new InvalidDataException($"{Segment} is damaged: its other end says that it is at 0x{word:x}, and this one is at 0x{Position:x}.");
    }

    private void WakeOther()
    {
        StreamPublish rest = StreamPublish.Stored(_side, Position);
        Driver.Run(Segment, ref rest);
    }

    [DoesNotReturn]
    private static void ThrowBusy() =>
        throw new InvalidOperationException("Somebody else does this just now: a stream is read by one at a time, and written by one at a time.");
}
