using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Receives what is left at the end, and accounts for each message that was ever sent.</summary>
internal sealed class QueueReferee(StressPlace place) : StressReferee
{
    private readonly QueueMarks _marks = new(place);

    // A consumer waits for its queue; a producer, while some lane is full, for consumers that may wait for the other queue.
    public override bool HasReason(LedgerRecord record)
    {
        int queue = (int)Volatile.Read(ref record.Own(QueueFamily.WaitsFor)) - 1;
        return queue >= 0
            ? StatusOf(queue).Lanes.All(static lane => lane.WaitingBytes == 0)
            : Enumerable.Range(0, QueueFamily.Queues).Any(each => StatusOf(each).Lanes.Any(static lane => lane.UsedBytes > QueueFamily.NearlyFull));
    }

    public override void Release()
    {
        for (int queue = 0; queue < QueueFamily.Queues; queue++)
        {
            using SharedQueue closed = QueueFamily.Open(place, queue);
            closed.Complete();
        }
    }

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        List<(string Name, long Value)> told = [];
        for (int queue = 0; queue < QueueFamily.Queues; queue++)
        {
            Drain(queue);
            SharedQueueStatus status = StatusOf(queue);
            if (status.UsedBytes != 0)
            {
                throw Violation($"All was received, and {status.UsedBytes} bytes of queue {queue} are not free.");
            }
            (long sent, long unfinished) = Account(queue);
            long killed = Enumerable.Range(1, place.Ledger.Records).Count(id => place.Ledger[id].IsKilled);
            if (queue > 0 ? unfinished != 0 || status.Lost != 0 : status.Lost < unfinished || status.Lost > unfinished + killed)
            {
                throw Violation($"Of {sent} messages through queue {queue} {unfinished} were not finished, and {status.Lost} are counted as lost.");
            }
            told.Add((queue == 0 ? "messages" : "acknowledged", sent));
            told.Add((queue == 0 ? "lost, counted" : "lost", queue == 0 ? status.Lost : unfinished));
        }
        return told;
    }

    public override void Dispose()
    {
        _marks.Dispose();
        base.Dispose();
    }

    private SharedQueueStatus StatusOf(int queue) => QueueFamily.StatusOf(place, queue);

    private void Drain(int queue)
    {
        using SharedQueue opened = QueueFamily.Open(place, queue);
        using QueueConsumer consumer = opened.CreateConsumer();
        QueueAccount account = new(_marks, queue);
        while (consumer.TryReceive(out QueueLoan loan))
        {
            QueueStressMessage taken = account.Take(loan.Span, loan.IsRedelivered);
            account.Finish(loan.Span, taken);
            loan.Acknowledge();
        }
    }

    // Of those for which Send had returned: the one that a process was killed with may have got there or not.
    private (long Sent, long Unfinished) Account(int queue)
    {
        long sent = 0, unfinished = 0;
        for (long id = 1; id <= place.Ledger.Records; id++)
        {
            LedgerRecord record = place.Ledger[id];
            long begun = record.Own(QueueFamily.Begun + queue);
            long returned = record.Own(QueueFamily.Sent + queue);
            for (long number = 0; number < begun; number++)
            {
                QueueStressMessage message = new(id, queue, number, 0);
                bool isThere = number < returned || _marks.IsTaken(message);
                sent += isThere ? 1 : 0;
                unfinished += isThere && !_marks.IsFinished(message) ? 1 : 0;
            }
        }
        return (sent, unfinished);
    }

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
