using System.Diagnostics.CodeAnalysis;

namespace Isthmus;

/// <content>Many messages at once.</content>
public sealed unsafe partial class QueueConsumer
{
    private bool _isBatchOpen;
    private (int Lane, ulong First) _batch;

    /// <summary>The position after what the open batch has handed out.</summary>
    internal ulong BatchEnd { get; set; }

    /// <summary>Begins a batch, if there is a message.</summary>
    /// <param name="batch">What there is of one producer and priority. To be disposed.</param>
    /// <param name="most">The most messages.</param>
    /// <returns>Whether there is at least one, which is taken by this already.</returns>
    /// <inheritdoc cref="TryReceive(out QueueLoan)"/>
    [SuppressMessage("Reliability", "CA2000", Justification = "The batch finishes it.")]
    public bool TryReceiveBatch(out QueueBatch batch, int most = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        if (!TryReceive(out QueueLoan first))
        {
            batch = default;
            return false;
        }
        batch = Begin(first, most);
        return true;
    }

    /// <summary>Begins a batch; waits until there is a message.</summary>
    /// <inheritdoc cref="TryReceiveBatch"/>
    /// <returns>
    /// <see cref="QueueReceiveOutcome.Received"/>, or why there will be none: <see cref="QueueReceiveOutcome.Closed"/>,
    /// <see cref="QueueReceiveOutcome.NoProducer"/>.
    /// </returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "The batch finishes it.")]
    public QueueReceiveOutcome ReceiveBatch(out QueueBatch batch, int most = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(most);
        QueueReceiveOutcome outcome = Receive(out QueueLoan first);
        batch = outcome == QueueReceiveOutcome.Received ? Begin(first, most) : default;
        return outcome;
    }

    /// <summary>Takes the message at a position, if it is the next of its lane.</summary>
    internal bool TryClaimNext(byte* record, ulong header, ulong position, ulong* taken)
    {
        uint size = (uint)QueueHeader.RecordSize(QueueHeader.LengthOf(header));
        if (Volatile.Read(ref *taken) != position
            || Interlocked.CompareExchange(ref *(ulong*)record, QueueHeader.Taken(header, _core.Owner), header) != header)
        {
            return false;
        }
        Interlocked.CompareExchange(ref *taken, position + size, position);
        return true;
    }

    /// <summary>Finishes what a batch has taken, or gives it back.</summary>
    internal void Settle(in QueueBatch batch, bool isDone)
    {
        if (!_isBatchOpen || _batch != (batch.Lane, batch.First))
        {
            // The copy of a batch that was disposed.
            return;
        }
        _isBatchOpen = false;
        ulong end = BatchEnd;
        if (_claims)
        {
            SettleClaimed(batch, end, isDone);
        }
        else if (_isDisposed == 0)
        {
            Finish(ref _lanes[batch.Lane], batch, end);
        }
        GC.KeepAlive(_segment);
    }

    private QueueBatch Begin(scoped in QueueLoan first, int most)
    {
        _isBatchOpen = true;
        _batch = (first.Lane, first.Position);
        // What was taken to begin with, whether or not it is asked for.
        BatchEnd = first.Position + (uint)QueueHeader.RecordSize(first.Length);
        return new QueueBatch(this, first, _lanes[first.Lane], _capacity, _claims, most);
    }

    private void Finish(ref QueueReader lane, in QueueBatch batch, ulong end)
    {
        lane.Taken = end;
        if (lane.Freed == batch.First)
        {
            lane.Freed = end;
            Volatile.Write(ref lane.Control[1], end);
            Notify(batch.Lane);
            return;
        }
        // A loan from before is open: each says for itself that it is finished.
        for (ulong position = batch.First; position < end;)
        {
            ulong header = Volatile.Read(ref *(ulong*)(lane.Ring + ((uint)position & (_capacity - QueueHeader.Size))));
            QueueFinish finish = new(_shape, batch.Lane, position, lane.Freed, end);
            _core.RunLast(ref finish);
            lane.Freed = finish.Freed;
            position += (uint)QueueHeader.RecordSize(QueueHeader.LengthOf(header));
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "It is finished here.")]
    private void SettleClaimed(in QueueBatch batch, ulong end, bool isDone)
    {
        ref QueueReader lane = ref _lanes[batch.Lane];
        for (ulong position = batch.First; position < end;)
        {
            byte* record = lane.Ring + ((uint)position & (_capacity - QueueHeader.Size));
            ulong header = Volatile.Read(ref *(ulong*)record);
            QueueLoan loan = new(this, record, header, position, batch.Lane);
            position += (uint)QueueHeader.RecordSize(loan.Length);
            if (QueueHeader.StateOf(header) != QueueRecordState.Taken || header != QueueHeader.Taken(header, _core.Owner))
            {
                return;
            }
            if (isDone && position < end)
            {
                Volatile.Write(ref *(ulong*)record, QueueHeader.With(header, QueueRecordState.Done, loan.Position));
            }
            else
            {
                SettleClaimed(loan, isDone);
            }
        }
    }
}
