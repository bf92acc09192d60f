using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Lets servers go by calls of its own, and counts the places for calls at the end.</summary>
internal sealed class RequestReferee(StressPlace place) : StressReferee
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(5);

    // Who serves waits for calls, which others may take; that a call is not taken is seen in its client.
    public override bool HasReason(LedgerRecord record) => RequestFamily.Serves((int)record.Seat);

    public override void Release()
    {
        using RequestClient client = RequestClient.Open(RequestFamily.ObjectName, place.Options(new SharedObjectOptions()));
        if (client.TryCall([], s_moment, out CallReply reply))
        {
            reply.Dispose();
        }
    }

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        using ReplyServer server = ReplyServer.Open(RequestFamily.ObjectName, place.Options(new SharedObjectOptions()));
        using CancellationTokenSource stop = new();
        Task serving = server.ServeAsync(
            static request =>
            {
                request.Reply(request.Span);
                return default;
            },
            stop.Token);
        List<RequestClient> clients = [];
        try
        {
            // All that there is room for, and each makes all calls that it may at once.
            while (clients.Count < RequestFamily.Participants(place) - 1)
            {
                clients.Add(RequestClient.Open(RequestFamily.ObjectName, place.Options(new SharedObjectOptions())));
            }
            return [("places for calls", clients.Sum(CountPlaces))];
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
            stop.Cancel();
            serving.ContinueWith(static _ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
        }
    }

    private static int CountPlaces(RequestClient client)
    {
        List<ReplyParts> calls = [];
        try
        {
            for (int made = 0; made < RequestFamily.MaxCalls; made++)
            {
                ReplyParts call = client.CallInParts([1]);
                calls.Add(call);
                if (!call.MoveNext())
                {
                    throw new StressViolationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Nobody is there any more, and of {RequestFamily.MaxCalls} places for calls {made} are good: {call.Outcome}."));
                }
            }
            return calls.Count;
        }
        finally
        {
            calls.ForEach(call => call.Dispose());
        }
    }
}
