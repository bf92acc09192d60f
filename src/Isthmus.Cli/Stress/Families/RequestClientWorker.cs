using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Makes a call and accounts for what comes of it.</summary>
internal sealed class RequestClientWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int TurnsPerAttachment = 500;

    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(1);

    private readonly byte[] _request = new byte[RequestFamily.MaxBytes];
    private readonly byte[] _reply = new byte[RequestFamily.MaxBytes];
    private RequestClient _client = Open(place);

    public override void Dispose() => _client.Dispose();

    protected override void Turn()
    {
        if (OnceIn(TurnsPerAttachment))
        {
            _client.Dispose();
            _client = Open(Place);
        }
        long number = RequestAccount.Begin(Record);
        Memory<byte> request = _request.AsMemory(0, Random.Next(RequestMessage.HeadBytes, RequestFamily.MaxBytes + 1));
        RequestMessage.Write(request.Span, Id, number);
        Phase = WorkerPhase.Asking;
        Judge(number, request.Length, Call(request, number));
        Phase = WorkerPhase.Idle;
    }

    private static RequestClient Open(StressPlace place) => RequestClient.Open(RequestFamily.ObjectName, place.Options(new SharedObjectOptions()));

    // Null: it came in parts that were good, or it was given up.
    private CallResult? Call(Memory<byte> request, long number)
    {
        CallResult result = default;
        switch (Random.Next(10))
        {
            case < 4:
                return _client.Call(request.Span, _reply);
            case 4:
                return _client.TryCall(request.Span, _reply, Moment(), out result) ? result : null;
            case 5 or 6:
                return _client.CallAsync(request, _reply).AsTask().GetAwaiter().GetResult();
            case 7:
                return TryAwait(async token =>
                {
                    result = await _client.CallAsync(request, _reply, token);
                    return true;
                })
                    ? result
                    : null;
            default:
                return CallInParts(request, number);
        }
    }

    private CallResult? CallInParts(Memory<byte> request, long number)
    {
        using ReplyParts parts = _client.CallInParts(request.Span);
        for (int most = Random.Next(6); parts.MoveNext(); most--)
        {
            CheckBytes(number, request.Length, parts.Current);
            if (most == 0)
            {
                return null;
            }
        }
        return parts.Outcome == CallOutcome.Replied ? null : new CallResult(parts.Outcome!.Value);
    }

    private void Judge(long number, int length, CallResult? result)
    {
        switch (result?.Outcome)
        {
            case null or CallOutcome.TimedOut or CallOutcome.Busy:
                return;
            case CallOutcome.Replied:
                CheckBytes(number, length, _reply.AsSpan(0, result.Value.Length));
                return;
            case CallOutcome.ServerDied:
                CheckDeath(number);
                return;
            case CallOutcome.NoServer:
                CheckRefusal(number);
                return;
            default:
                throw Violation($"Call {number} of {Record.ToString()} came to {result}.");
        }
    }

    private void CheckBytes(long number, int length, ReadOnlySpan<byte> reply)
    {
        bool isOurs = RequestMessage.IsWhole(reply) && reply.Length == length && RequestMessage.First(reply) == number;
        if (!isOurs || RequestMessage.Second(reply) != RequestAccount.TakerOf(Record))
        {
            throw Violation($"Call {number} of {Record.ToString()}, with {length} bytes, got a reply of {reply.Length} bytes that is not its own.");
        }
    }

    // Who died before it had entered itself is not known.
    private void CheckDeath(long number)
    {
        if (RequestAccount.TakerOf(Record) is > 0 and long taker)
        {
            LedgerRecord dead = Place.Ledger[taker];
            if (!dead.IsKilled)
            {
                throw Violation($"Call {number} of {Record.ToString()} was told that its server died, and {dead.ToString()} lives.");
            }
            dead.Succeed(Stopwatch.GetTimestamp());
        }
        else if (Volatile.Read(ref Place.Ledger.Kills) == 0)
        {
            throw Violation($"Call {number} of {Record.ToString()} was told of a death, and nobody was killed.");
        }
    }

    private void CheckRefusal(long number)
    {
        if (RequestAccount.TakerOf(Record) != 0)
        {
            throw Violation($"Call {number} of {Record.ToString()} was told that nobody serves, and it was taken.");
        }
        Thread.Sleep(s_rest);
    }
}
