namespace Isthmus.Cli.Stress.Families;

/// <summary>Receives samples, on loan and as copies, and checks each against the one before it from the same index.</summary>
internal sealed class TopicSubscriberWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerSubscriber = 100, TurnsPerAttachment = 400, SamplesMax = 30;

    private readonly byte[] _buffer = new byte[TopicMessage.SizeMax];
    private readonly Dictionary<int, TopicMessage> _last = [];
    private Topic _topic = Open(place);
    private Subscriber? _subscriber;

    private bool Blocks => TopicFamily.Blocks(Seat);

    public override void Dispose()
    {
        _subscriber?.Dispose();
        _topic.Dispose();
    }

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            Dispose();
            _subscriber = null;
            _topic = Open(Place);
        }
        if (_subscriber is null || OnceIn(TurnsPerSubscriber))
        {
            Begin();
        }
        Phase = WorkerPhase.Asking;
        int received = 0;
        for (int left = Random.Next(1, SamplesMax); left > 0; left--)
        {
            received += TryReceive(_subscriber!) ? 1 : 0;
        }
        Phase = WorkerPhase.Idle;
        Interlocked.Add(ref Place.Ledger.Shared(TopicFamily.ReceivedWord), received);
        if (!Blocks && OnceIn(10))
        {
            // So long that some are lost.
            Thread.Sleep(1);
        }
    }

    private static Topic Open(StressPlace place) => Topic.Open(TopicFamily.ObjectName, place.Options(new SharedObjectOptions()));

    private void Begin()
    {
        _subscriber?.Dispose();
        _last.Clear();
        _subscriber = _topic.CreateSubscriber(new SubscriberOptions
        {
            Overflow = Blocks ? TopicOverflow.Block : TopicOverflow.DropOldest,
            History = Random.Next(_topic.History + 1),
        });
    }

    private bool TryReceive(Subscriber subscriber)
    {
        switch (Random.Next(10))
        {
            case < 4:
                subscriber.WaitAsync().AsTask().GetAwaiter().GetResult();
                return TryBorrow(subscriber, TimeSpan.Zero);
            case < 6:
                return TryBorrow(subscriber, Moment());
            case 6:
                return CheckCopy(subscriber.Receive(_buffer));
            case 7:
                return subscriber.TryReceive(_buffer, Moment(), out TopicSampleInfo info) && CheckCopy(info);
            case 8:
                return CheckCopy(subscriber.ReceiveAsync(_buffer).AsTask().GetAwaiter().GetResult());
            default:
                return TryAwait(async token => CheckCopy(await subscriber.ReceiveAsync(_buffer, token)));
        }
    }

    // It stays whole while it is on loan, and others come.
    private bool TryBorrow(Subscriber subscriber, TimeSpan timeout)
    {
        if (!subscriber.TryReceive(timeout, out TopicSample sample))
        {
            return false;
        }
        using (sample)
        {
            Check(sample.Span, sample.Info);
            Phase = WorkerPhase.Inside;
            if (OnceIn(3) && subscriber.TryReceive(_buffer, out TopicSampleInfo next))
            {
                CheckCopy(next);
            }
            Dally();
            Phase = WorkerPhase.Asking;
            if (!TopicMessage.TryRead(sample.Span, out TopicMessage again) || again.Number != sample.Info.Number)
            {
                throw Violation($"A sample was overwritten while it was on loan.");
            }
            return true;
        }
    }

    private bool CheckCopy(TopicSampleInfo info) => Check(_buffer, info);

    private bool Check(ReadOnlySpan<byte> bytes, TopicSampleInfo info)
    {
        if (!TopicMessage.TryRead(bytes[..info.Length], out TopicMessage message) || message.Number != info.Number)
        {
            throw Violation($"A sample came that is not whole, as number {info.Number} of {info.Publisher}.");
        }
        long lost = Place.Fault == StressFault.NotTold ? 0 : info.Lost;
        if (Blocks && lost > 0)
        {
            throw Violation($"A subscriber that blocks has lost {lost} samples.");
        }
        if (_last.TryGetValue(info.Publisher, out TopicMessage last))
        {
            CheckAfter(last, message, lost);
        }
        _last[info.Publisher] = message;
        Interlocked.Add(ref Place.Ledger.Shared(TopicFamily.LostWord), lost);
        return true;
    }

    // Of one publisher all are received or counted; of another that came after it, as many as are counted may have been lost.
    private static void CheckAfter(TopicMessage last, TopicMessage message, long lost)
    {
        bool isSame = (last.Id, last.Incarnation) == (message.Id, message.Incarnation);
        long between = isSame ? message.Count - last.Count - 1 : message.Count;
        if (message.Number - last.Number - 1 != lost || (isSame ? between != lost : between > lost))
        {
            throw Violation($"{between} samples have not come, and {lost} were counted as lost: after {last} came {message}.");
        }
    }
}
