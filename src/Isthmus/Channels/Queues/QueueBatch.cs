using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// Messages of one producer and priority, one after the other, where they stand in the queue: each is taken when it is asked for, and all are
/// finished together
/// when the batch is disposed.
/// </summary>
/// <remarks>
/// As long as it is open, its consumer takes nothing else. In a queue with acknowledgement, what was taken is finished by
/// <see cref="Acknowledge"/>; without
/// that, it is given back.
/// </remarks>
[SuppressMessage("Design", "CA1815", Justification = "A batch is not compared.")]
public unsafe ref struct QueueBatch
{
    private readonly byte* _ring;
    private readonly ulong* _taken;
    private readonly uint _capacity;
    private readonly bool _claims;
    private QueueConsumer? _consumer;
    private int _left;

    internal QueueBatch(QueueConsumer consumer, scoped in QueueLoan first, scoped in QueueReader lane, uint capacity, bool claims, int most)
    {
        _consumer = consumer;
        _capacity = capacity;
        _claims = claims;
        _ring = lane.Ring;
        _taken = lane.Control;
        _left = most;
        Lane = first.Lane;
        Header = first.Header;
        First = End = first.Position;
    }

    /// <summary>The priority of all of them: 0 is the lowest.</summary>
    public readonly int Priority => _consumer is null ? 0 : _consumer.PriorityOf(Lane);

    /// <summary>Whether somebody had received the message that was taken last before, and did not acknowledge it.</summary>
    public readonly bool IsRedelivered => QueueHeader.IsRedelivered(Header);

    internal readonly int Lane { get; }

    internal readonly ulong First { get; }

    /// <summary>The position after what was handed out.</summary>
    internal ulong End { readonly get; private set; }

    /// <summary>Of the message that was handed out last; of the first, before that.</summary>
    internal ulong Header { readonly get; private set; }

    /// <summary>Takes the next message.</summary>
    /// <param name="message">
    /// The message; valid until the batch is disposed. Other participants can write it: copy it before you check and believe it, unless you
    /// trust them.
    /// </param>
    /// <returns>False when the batch ends: there is no more just now, or the next is not of this batch.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out ReadOnlySpan<byte> message)
    {
        ulong position = End;
        byte* record = _ring + ((uint)position & (_capacity - QueueHeader.Size));
        ulong header = position == First ? Header : Volatile.Read(ref *(ulong*)record);
        uint size = (uint)QueueHeader.RecordSize(QueueHeader.LengthOf(header));
        if (_left == 0 || _consumer is null || (position != First && !TryTake(record, header, position, size)))
        {
            message = default;
            return false;
        }
        _left--;
        Header = header;
        End = position + size;
        // Kept there too: "using (batch)" disposes a copy, from before this.
        _consumer!.BatchEnd = End;
        message = new ReadOnlySpan<byte>(record + QueueHeader.Size, QueueHeader.LengthOf(header));
        return true;
    }

    /// <summary>Finishes what was taken: it will not be received again.</summary>
    /// <exception cref="ObjectDisposedException">The queue was disposed: it may be received again.</exception>
    public void Acknowledge()
    {
        QueueConsumer? consumer = _consumer;
        Finish(isDone: true);
        consumer?.ThrowIfUncertain();
    }

    /// <summary>Frees the places of what was taken; or, where it should have been acknowledged first, gives it back.</summary>
    public void Dispose() => Finish(_consumer is { Acknowledges: false });

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TryTake(byte* record, ulong header, ulong position, uint size)
    {
        bool isNext = QueueHeader.IsNew(header, position) && ((uint)position & (_capacity - QueueHeader.Size)) + size <= _capacity;
        if (!isNext || _claims)
        {
            return isNext && _consumer is not null && _consumer.TryClaimNext(record, header, position, _taken);
        }
        Volatile.Write(ref *_taken, position + size);
        return true;
    }

    private void Finish(bool isDone)
    {
        QueueConsumer? consumer = _consumer;
        _consumer = null;
        _left = 0;
        consumer?.Settle(this, isDone);
    }
}
