using System.Diagnostics;
using Isthmus.Inspection;

namespace Isthmus.Web.Feed;

/// <summary>
/// Takes one snapshot a second while somebody watches, and none while nobody does; all watchers share it, and the frame that is made of it.
/// </summary>
internal sealed class SnapshotFeed : IDisposable
{
    private const int SubscriptionsMax = 32;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly ServeOptions _options;
    private readonly GraphBuilder _builder;
    private readonly GraphState _state = new();
    private readonly List<Subscription> _subscriptions = [];
    private readonly Lock _lock = new();
    private readonly Lock _sweeping = new();
    private readonly SemaphoreSlim _watched = new(0);
    private Snapshot? _latest;
    private long _takenAt;
    private Snapshot? _drawn;
    private long _drawnAt;

    public SnapshotFeed(ServeOptions options)
    {
        _options = options;
        Scope = options.AllUsers ? Scope.Everybody : Scope.Own();
        _builder = new GraphBuilder(Scope);
    }

    /// <summary>Whose processes are shown.</summary>
    public Scope Scope { get; }

    /// <summary>Somebody wants to watch; null when too many do.</summary>
    public Subscription? TrySubscribe()
    {
        lock (_lock)
        {
            if (_subscriptions.Count == SubscriptionsMax)
            {
                return null;
            }
            Subscription subscription = new(Remove);
            _subscriptions.Add(subscription);
            if (_subscriptions.Count == 1)
            {
                _watched.Release();
            }
            else if (_drawn is not null)
            {
                subscription.Offer(default, _state.Full);
            }
            return subscription;
        }
    }

    /// <summary>The last snapshot, if it is not older than a second; else a new one.</summary>
    public Snapshot Current()
    {
        lock (_sweeping)
        {
            return _latest is { } latest && Stopwatch.GetElapsedTime(_takenAt) < s_period ? latest : Take();
        }
    }

    /// <summary>Feeds those who watch, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(s_period);
        try
        {
            // Not on the thread of who starts it.
            await Task.Yield();
            while (true)
            {
                await _watched.WaitAsync(cancellationToken);
                while (IsWatched)
                {
                    Refresh();
                    await timer.WaitForNextTickAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    public void Dispose() => _watched.Dispose();

    private bool IsWatched
    {
        get
        {
            lock (_lock)
            {
                return _subscriptions.Count > 0;
            }
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }

    private void Refresh()
    {
        Snapshot snapshot;
        long now;
        lock (_sweeping)
        {
            snapshot = Take();
            now = _takenAt;
        }
        PageGraph graph = _builder.Build(snapshot, _drawn, _drawn is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(_drawnAt, now));
        (JsonStuck[] stuck, int stuckCount) = StuckList.Of(graph.Stuck);
        JsonSummary summary = new(
            Environment.MachineName,
            Scope.Word,
            _options.BenchFile is not null,
            graph.Processes.Count,
            graph.Processes.Count(process => process.Hidden),
            [.. Enum.GetValues<SnapshotGaps>().Where(gap => gap != 0 && snapshot.Gaps.HasFlag(gap)).Select(PageModel.Word)],
            Math.Round(snapshot.Duration.TotalMilliseconds),
            stuckCount);
        lock (_lock)
        {
            ReadOnlyMemory<byte> difference = _state.Advance(graph, stuck, summary);
            Lazy<ReadOnlyMemory<byte>> whole = new(_state.Full);
            foreach (Subscription subscription in _subscriptions)
            {
                subscription.Offer(difference, () => whole.Value);
            }
            (_drawn, _drawnAt) = (snapshot, now);
        }
    }

    private Snapshot Take()
    {
        _latest = _latest?.Refresh()
            ?? Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All | (_options.ReadsPipes ? SnapshotParts.PipeFill : 0) });
        _takenAt = Stopwatch.GetTimestamp();
        return _latest;
    }
}
