using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Sends, receives, or does both; now and then it closes the queue and opens it again.</summary>
internal sealed class QueueWorker : StressWorker
{
    private const int Roles = 3, TurnsPerAttachment = 300, FaultOneIn = 50, GiveBackOneIn = 10, LongOneIn = 4;

    // Longer than anybody may be stuck; but not for ever, because those who could send may all wait for room in the other queue.
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(3);

    private readonly QueueMarks _marks;
    private readonly SharedQueue[] _queues = new SharedQueue[QueueFamily.Queues];
    private readonly QueueProducer?[] _producers = new QueueProducer?[QueueFamily.Queues];
    private readonly QueueConsumer?[] _consumers = new QueueConsumer?[QueueFamily.Queues];
    private readonly QueueAccount[] _accounts = new QueueAccount[QueueFamily.Queues];
    private readonly byte[] _buffer = new byte[1024];
    private int _attachments;

    public QueueWorker(StressPlace place, long id)
        : base(place, id)
    {
        _marks = new QueueMarks(place);
        for (int queue = 0; queue < QueueFamily.Queues; queue++)
        {
            Attach(queue);
        }
    }

    public override void Dispose()
    {
        foreach (SharedQueue queue in _queues)
        {
            queue.Dispose();
        }
        _marks.Dispose();
    }

    protected override void Turn()
    {
        int queue = Random.Next(QueueFamily.Queues);
        if (OnceIn(TurnsPerAttachment))
        {
            _queues[queue].Dispose();
            Attach(queue);
        }
        Phase = WorkerPhase.Asking;
        if (_consumers[queue] is null || (_producers[queue] is not null && OnceIn(2)))
        {
            Send(queue);
        }
        else
        {
            Receive(queue);
        }
        Phase = WorkerPhase.Idle;
    }

    private void Attach(int queue)
    {
        SharedQueue attached = QueueFamily.Open(Place, queue);
        _queues[queue] = attached;
        _attachments++;
        // So that each kind is there, with any number of processes; and some are both.
        int role = Place.Processes < Roles ? Roles - 1 : Seat % Roles;
        _producers[queue] = role != 1 ? attached.CreateProducer() : null;
        _consumers[queue] = role != 0 ? attached.CreateConsumer() : null;
        _accounts[queue] = new QueueAccount(_marks, queue);
    }

    private void Send(int queue)
    {
        ref long begun = ref Record.Own(QueueFamily.Begun + queue);
        long number = Volatile.Read(ref begun);
        if (number == QueueMarks.MessagesMax)
        {
            return;
        }
        QueueStressMessage message = new(Id, queue, number, _attachments);
        Volatile.Write(ref begun, number + 1);
        bool isSent = Place.Fault == StressFault.FromNothing && OnceIn(FaultOneIn) ? true : TrySend(_producers[queue]!, message);
        if (Place.Fault == StressFault.NoExclusion && OnceIn(FaultOneIn))
        {
            TrySend(_producers[queue]!, message);
        }
        if (isSent)
        {
            Volatile.Write(ref Record.Own(QueueFamily.Sent + queue), number + 1);
            return;
        }
        // It was not sent, for sure: its number is given to the next.
        Volatile.Write(ref begun, number);
    }

    private bool TrySend(QueueProducer producer, in QueueStressMessage message)
    {
        Span<byte> bytes = _buffer.AsSpan(0, message.Length);
        message.Write(bytes);
        switch (Random.Next(10))
        {
            case < 4:
                return producer.Send(bytes) == QueueSendOutcome.Sent;
            case < 6:
                return producer.TrySend(bytes, Moment()) == QueueSendOutcome.Sent;
            case 6:
                return producer.TrySend(bytes);
            case 7:
                using (QueueReservation place = producer.TryReserve(bytes.Length))
                {
                    if (place.IsReserved)
                    {
                        Dally();
                        message.Write(place.Span);
                        return place.Commit() == QueueSendOutcome.Sent;
                    }
                    return false;
                }
            default:
                ReadOnlyMemory<byte> memory = _buffer.AsMemory(0, message.Length);
                return TryAwait(async token => await producer.SendAsync(memory, cancellationToken: token) == QueueSendOutcome.Sent);
        }
    }

    private void Receive(int queue)
    {
        long wanted = Stopwatch.GetTimestamp();
        Volatile.Write(ref Record.Own(QueueFamily.WaitsFor), queue + 1);
        bool isTaken = TryReceive(_consumers[queue]!, out QueueLoan loan);
        Volatile.Write(ref Record.Own(QueueFamily.WaitsFor), 0);
        if (!isTaken)
        {
            return;
        }
        Phase = WorkerPhase.Inside;
        QueueStressMessage taken = _accounts[queue].Take(loan.Span, loan.IsRedelivered);
        if (queue > 0)
        {
            Hold(taken, loan.IsRedelivered, wanted);
        }
        Dally();
        if (queue > 0 && OnceIn(LongOneIn))
        {
            Thread.Sleep(1);
        }
        if (queue > 0 && !loan.IsRedelivered && OnceIn(GiveBackOneIn))
        {
            _marks.GiveBack(taken);
            Volatile.Write(ref Record.Own(QueueFamily.Holds), 0);
            loan.Dispose();
            return;
        }
        if (Place.Fault != StressFault.LostUpdate || !OnceIn(FaultOneIn))
        {
            _accounts[queue].Finish(loan.Span, taken);
        }
        Phase = WorkerPhase.Leaving;
        loan.Acknowledge();
        Volatile.Write(ref Record.Own(QueueFamily.Holds), 0);
    }

    // What comes again, and was not given back, was held by one that is dead.
    private void Hold(in QueueStressMessage message, bool isRedelivered, long wanted)
    {
        for (long id = 1; isRedelivered && !_marks.IsGivenBack(message) && id <= Place.Ledger.Records; id++)
        {
            LedgerRecord record = Place.Ledger[id];
            if (record.IsKilled && Volatile.Read(ref record.Own(QueueFamily.Holds)) == message.Name)
            {
                record.SucceedWanted(wanted);
            }
        }
        Volatile.Write(ref Record.Own(QueueFamily.Holds), message.Name);
    }

    private bool TryReceive(QueueConsumer consumer, out QueueLoan loan)
    {
        switch (Random.Next(10))
        {
            case < 4:
                return consumer.TryReceive(s_long, out loan) == QueueReceiveOutcome.Received;
            case < 7:
                return consumer.TryReceive(Moment(), out loan) == QueueReceiveOutcome.Received;
            case 7:
                return consumer.TryReceive(out loan);
            default:
                TryAwait(consumer.WaitToReceiveAsync);
                return consumer.TryReceive(out loan);
        }
    }
}
