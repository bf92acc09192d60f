using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>A mechanism of this library with several processes at both ends; each of them opens it from its descriptors.</summary>
internal abstract class ScaledChannel : ScaledRow
{
    /// <summary>Every receiver gets every message.</summary>
    public virtual bool IsBroadcast => false;

    /// <summary>One of this library's channels in shared memory.</summary>
    public virtual bool IsChannel => false;

    /// <summary>Makes it. The descriptors go to the processes.</summary>
    public abstract ScaledOffer Offer(Shape shape);

    /// <summary>In a process: takes part. The handles become the connection's own. A receiver uses <see cref="Connection.TryReceive"/> only.</summary>
    public abstract Connection Join(IReadOnlyList<SafeFileHandle> handles, bool sends);

    public override ThroughputSample? Measure(SuiteRun run, Shape shape, int count, out string reason)
    {
        reason = "";
        using AnonymousMemory counts = AnonymousMemory.Create(Environment.SystemPageSize);
        using ScaledOffer offer = Offer(shape);
        IReadOnlyList<PeerProcess> crowd = run.Crowd(shape.Processes);
        ScaledOrder order = new(Name, shape, count, Workspace.NewSeed());
        foreach ((int index, PeerProcess peer) in crowd.Index())
        {
            peer.Send(ScaledOrder.Verb, [counts.Handle, .. offer.Handles], [.. order.Words(index)]);
        }
        Answers(crowd);
        foreach (PeerProcess peer in crowd)
        {
            peer.Send(ScaledOrder.Go);
        }
        PeerOrder[] answers = Answers(crowd);
        long start = answers[..shape.Senders].Min(answer => Number(answer, 0));
        PeerOrder[] receivers = answers[shape.Senders..];
        long end = receivers.Max(answer => Number(answer, 0));
        long received = receivers.Sum(answer => Number(answer, 1));
        long wrong = receivers.Sum(answer => Number(answer, 2)) + Math.Abs(received - order.Expected(IsBroadcast));
        return wrong == 0 && receivers.Sum(answer => Number(answer, 3)) == order.ExpectedSum(IsBroadcast)
            ? new ThroughputSample((end - start) * (1e9 / Stopwatch.Frequency), received, received)
            : throw new CorruptDataException(RowOf(shape).Name, ScalingSuite.Size, Math.Max(wrong, 1));
    }

    private static PeerOrder[] Answers(IEnumerable<PeerProcess> crowd) => [.. crowd.Select(peer => peer.Receive())];

    private static long Number(PeerOrder answer, int index) => long.Parse(answer.Words[index], CultureInfo.InvariantCulture);
}

/// <summary>A channel that waits for its processes: they get copies of the descriptors.</summary>
internal sealed record ScaledOffer(IReadOnlyList<SafeFileHandle> Handles, IReadOnlyList<IDisposable> Owned) : IDisposable
{
    public void Dispose()
    {
        foreach (IDisposable owned in Owned)
        {
            owned.Dispose();
        }
    }
}
