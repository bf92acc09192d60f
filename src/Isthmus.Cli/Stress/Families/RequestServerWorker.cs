namespace Isthmus.Cli.Stress.Families;

/// <summary>Takes a call and answers it: the number of the call, who answers, and as many bytes as were asked with; at times in parts.</summary>
internal sealed class RequestServerWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerAttachment = 500, LongOneIn = 4, FaultOneIn = 50, PartsMax = 4;

    private ReplyServer _server = Open(place);

    public override void Dispose() => _server.Dispose();

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            _server.Dispose();
            _server = Open(Place);
        }
        Phase = WorkerPhase.Asking;
        if (Receive() is { } received)
        {
            using ReceivedRequest request = received;
            Phase = WorkerPhase.Inside;
            Serve(request);
        }
        Phase = WorkerPhase.Idle;
    }

    private static ReplyServer Open(StressPlace place) => ReplyServer.Open(RequestFamily.ObjectName, place.Options(new SharedObjectOptions()));

    private ReceivedRequest? Receive()
    {
        ReceivedRequest received = default;
        switch (Random.Next(10))
        {
            case < 5:
                return _server.Receive();
            case 5:
                return _server.TryReceive(Moment(), out received) ? received : null;
            case 6:
                return _server.TryReceive(out received) ? received : null;
            case 7:
                return _server.ReceiveAsync().AsTask().GetAwaiter().GetResult();
            case 8:
                return _server.TryReceiveAsync(Moment()).AsTask().GetAwaiter().GetResult();
            default:
                return TryAwait(async token =>
                {
                    received = await _server.ReceiveAsync(token);
                    return true;
                })
                    ? received
                    : null;
        }
    }

    private void Serve(in ReceivedRequest request)
    {
        byte[] asked = request.Span.ToArray();
        if (asked.Length == 0)
        {
            // The controller lets us go.
            request.Reply(0);
            return;
        }
        if (!RequestMessage.IsWhole(asked))
        {
            throw Violation($"A request of {asked.Length} bytes is not what any client has written.");
        }
        (long client, long number) = (RequestMessage.First(asked), RequestMessage.Second(asked));
        RequestAccount.Take(Place.Ledger[client], number, Id);
        if (Place.Fault == StressFault.FromNothing && OnceIn(FaultOneIn))
        {
            RequestAccount.Take(Place.Ledger[client], number, Id);
        }
        if (Place.Fault == StressFault.Stuck && OnceIn(FaultOneIn))
        {
            Thread.Sleep(Timeout.Infinite);
        }
        Dally();
        if (OnceIn(LongOneIn))
        {
            Thread.Sleep(1);
        }
        Answer(request, number, asked.Length);
    }

    private void Answer(in ReceivedRequest request, long number, int length)
    {
        if (!request.WantsParts)
        {
            RequestMessage.Write(request.ReplyBuffer[..length], number, Id);
            if (Place.Fault == StressFault.LostUpdate && OnceIn(FaultOneIn))
            {
                request.ReplyBuffer[0]++;
            }
            request.Reply(length);
            return;
        }
        byte[] part = new byte[length];
        for (int left = Random.Next(PartsMax); left > 0; left--)
        {
            RequestMessage.Write(part, number, Id);
            if (!request.WritePart(part))
            {
                return;
            }
        }
        request.End();
    }
}
