namespace Isthmus.Cli.Bench;

/// <summary>
/// One run of the benchmark. A thread of its own measures; the calling task watches for cancellation and for the death of the
/// peer process, by which the measuring thread could wait for ever. Whatever happens, the peer and the run's directory go.
/// </summary>
internal sealed class BenchRun : IDisposable
{
    // How long one of the two sides waits for the other before it goes on without.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly List<BenchResult> _results = [];
    private readonly List<BenchGap> _missing = [];
    private readonly List<Rounds> _rounds = [];
    private readonly TaskCompletionSource<ExitStatus> _peerEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<Suite, double, string> _progress;
    private readonly Lazy<PeerProcess> _peer;
    private readonly List<PeerProcess> _crowd = [];

    public BenchRun(BenchOptions options, Action<Suite, double, string> progress, CancellationToken cancellationToken)
    {
        Options = options;
        CancellationToken = cancellationToken;
        _progress = progress;
        Directory = System.IO.Directory.CreateTempSubdirectory("isthmus-bench-").FullName;
        References = new ReferencePrograms(Directory, options.Patience);
        _peer = new Lazy<PeerProcess>(StartPeer);
    }

    public BenchOptions Options { get; }

    public CancellationToken CancellationToken { get; }

    public string Directory { get; }

    public ReferencePrograms References { get; }

    public Workspace Workspace { get; } = new();

    /// <summary>Started when a suite first needs it.</summary>
    public PeerProcess Peer => _peer.Value;

    /// <summary>Further peers, for suites in which many processes take part; started when they are first needed.</summary>
    public IReadOnlyList<PeerProcess> Crowd(int count)
    {
        while (_crowd.Count < count)
        {
            _crowd.Add(PeerProcess.Start(PeerFault.None));
        }
        return _crowd[..count];
    }

    public IEnumerable<Suite> Suites => BenchCatalog.Suites.Where(suite => Options.WantsSuite(suite.Name));

    public async Task<BenchReport> RunAsync()
    {
        TaskCompletionSource measured = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Measure(measured)) { IsBackground = true, Name = "bench" };
        thread.Start();
        Task cancelled = Task.Delay(Timeout.Infinite, CancellationToken);
        Task first = await Task.WhenAny(measured.Task, _peerEnded.Task, cancelled);
        if (first == cancelled)
        {
            // The thread stops after its round, so that nothing new is started behind the back of Dispose. It may hang in one.
            await Task.WhenAny(measured.Task, Task.Delay(s_grace, CancellationToken.None));
            throw new OperationCanceledException(CancellationToken);
        }
        // The measuring thread may see a broken pipe before the exit of the peer is known.
        if (first == measured.Task && measured.Task.Exception?.InnerException is IOException && _peer.IsValueCreated)
        {
            await Task.WhenAny(_peerEnded.Task, Task.Delay(s_grace, CancellationToken.None));
        }
        if (_peerEnded.Task.IsCompleted)
        {
            throw new IOException($"The peer process ended in the middle of the work: {await _peerEnded.Task}. Nothing of this run counts.");
        }
        await measured.Task;
        return new BenchReport(Machine.Describe(), [.. _results.Select(WithLimit)], [.. Compare()], _missing);
    }

    public void Add(BenchResult result) => _results.Add(result);

    public void Add(BenchGap gap) => _missing.Add(gap);

    public void Add(Rounds rounds) => _rounds.Add(rounds);

    public void Progress(Suite suite, double fraction, string what) => _progress(suite, fraction, what);

    public void Dispose()
    {
        References.Dispose();
        _crowd.ForEach(peer => peer.Dispose());
        if (_peer.IsValueCreated)
        {
            _peer.Value.Dispose();
        }
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private void Measure(TaskCompletionSource done)
    {
        try
        {
            foreach (Suite suite in Suites)
            {
                Run(suite);
                _progress(suite, 1, "");
            }
            done.SetResult();
        }
#pragma warning disable CA1031 // It is thrown again where the run is awaited.
        catch (Exception error)
#pragma warning restore CA1031
        {
            done.SetException(error);
        }
    }

    // A suite that can leave out one row has done so.
    private void Run(Suite suite)
    {
        try
        {
            suite.Run(new SuiteRun(suite, this));
        }
        catch (ReferenceLostException lost)
        {
            Add(new BenchGap(suite.Name, "what was left of the suite", null, lost.Message));
        }
    }

    private PeerProcess StartPeer()
    {
        PeerProcess peer = PeerProcess.Start(Options.Fault);
        peer.Ended().ContinueWith(
            ended => _peerEnded.TrySetResult(ended.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        return peer;
    }

    private IEnumerable<Comparison> Compare() =>
        from suite in Suites
        from pair in suite.Pairs
        from row in _rounds.Where(rounds => rounds.Suite == suite.Name && rounds.Mechanism == pair.Row)
        from against in _rounds.Where(rounds => rounds.Suite == suite.Name && rounds.Mechanism == pair.Against)
        where row.Size == against.Size && row.Metric == against.Metric
        let comparison = Comparison.Of(row, against)
        where comparison is not null
        select comparison;

    private BenchResult WithLimit(BenchResult result)
    {
        double? ratio = result.Metric switch
        {
            Metric.RoundTripP50 or Metric.RoundTripP99 or Metric.RoundTripMean => result.Value / LimitOf(LimitsSuite.CacheLineRow, Metric.Cost),
            Metric.Throughput when result.Size is not null => LimitOf(LimitsSuite.MemcpyRow, Metric.Throughput) / result.Value,
            Metric.Rate when result.Suite == ThroughputSuite.SuiteName => LimitOf(LimitsSuite.MemcpyRow, Metric.Throughput) / result.Size / result.Value,
            _ => null,
        };
        return result with { LimitRatio = ratio is double value && double.IsFinite(value) ? Math.Round(value, 3) : null };
    }

    private double? LimitOf(string row, string metric) =>
        _results.FirstOrDefault(r => r.Suite == LimitsSuite.SuiteName && r.Mechanism == row && r.Metric == metric)?.Value;
}
