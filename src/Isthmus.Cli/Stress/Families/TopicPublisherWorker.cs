using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Takes a place to publish when there is one, publishes for a while, leaves it.</summary>
internal sealed class TopicPublisherWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerPublisher = 20, TurnsPerAttachment = 200, SamplesMax = 30, FaultOneIn = 50;

    private Topic _topic = Open(place);
    private Publisher? _publisher;
    private long _incarnation;
    private long _count;

    // Since when it wants a place; 0 while it does not.
    private long _wanted;

    public override void Dispose()
    {
        Leave();
        _topic.Dispose();
    }

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            Dispose();
            _topic = Open(Place);
        }
        if (OnceIn(TurnsPerPublisher))
        {
            Leave();
        }
        if (_publisher is null && !TryBegin())
        {
            Thread.Sleep(1);
            return;
        }
        Phase = WorkerPhase.Asking;
        int published = 0;
        for (int left = Random.Next(1, SamplesMax); left > 0; left--)
        {
            if (TryPublish(_publisher!))
            {
                published++;
                _count++;
            }
        }
        Phase = WorkerPhase.Idle;
        Interlocked.Add(ref Place.Ledger.Shared(TopicFamily.PublishedWord), published);
    }

    private static Topic Open(StressPlace place) => Topic.Open(TopicFamily.ObjectName, place.Options(new SharedObjectOptions()));

    private bool TryBegin()
    {
        _wanted = _wanted == 0 ? Stopwatch.GetTimestamp() : _wanted;
        try
        {
            _publisher = _topic.CreatePublisher();
        }
        catch (PosixException error) when (error.Errno == Errno.EUSERS)
        {
            return false;
        }
        _incarnation++;
        _count = 0;
        int index = Place.Fault == StressFault.NoExclusion ? 0 : _publisher.Index;
        long before = Interlocked.Exchange(ref Place.Ledger.OfSeat(index), Id);
        if (before != 0 && !Place.Ledger[before].IsKilled)
        {
            throw Violation($"{Place.Ledger[before].ToString()} publishes with the index {index}, and another was given it.");
        }
        if (before != 0)
        {
            Place.Ledger[before].SucceedWanted(_wanted);
        }
        _wanted = 0;
        return true;
    }

    private void Leave()
    {
        if (_publisher is not null)
        {
            Phase = WorkerPhase.Leaving;
            Interlocked.CompareExchange(ref Place.Ledger.OfSeat(_publisher.Index), 0, Id);
            _publisher.Dispose();
            _publisher = null;
            Phase = WorkerPhase.Idle;
        }
    }

    private bool TryPublish(Publisher publisher)
    {
        if (Place.Fault == StressFault.LostUpdate && OnceIn(FaultOneIn))
        {
            return true;
        }
        TopicMessage message = new(Id, _incarnation, _count, publisher.Published);
        int form = Random.Next(10);
        if (form < 5)
        {
            return TryPublishInPlace(publisher, message, form);
        }
        byte[] sample = new byte[message.Size];
        message.Write(sample);
        switch (form)
        {
            case < 7:
                publisher.Publish(sample);
                return true;
            case 7:
                return publisher.TryPublish(sample, Moment());
            case 8:
                publisher.PublishAsync(sample).AsTask().GetAwaiter().GetResult();
                return true;
            default:
                return TryAwait(async token =>
                {
                    await publisher.PublishAsync(sample, token);
                    return true;
                });
        }
    }

    private bool TryPublishInPlace(Publisher publisher, TopicMessage message, int form)
    {
        if (!publisher.TryReserve(TopicMessage.SizeMax, form == 0 ? TimeSpan.Zero : Moment(), out TopicReservation reservation))
        {
            return false;
        }
        using (reservation)
        {
            message.Write(reservation.Span[..message.Size]);
            if (form == 1)
            {
                return false; // It is given back as it is.
            }
            if (form == 2)
            {
                Dally();
            }
            reservation.Commit(message.Size);
            return true;
        }
    }
}
