using System.Diagnostics;

namespace Isthmus.Cli.Stress;

/// <summary>
/// One run: it keeps the seats taken, kills and pauses, watches, and closes the accounts. Whatever happens, the processes and the run's directory
/// go.
/// </summary>
internal sealed class StressRun : IDisposable
{
    private static readonly TimeSpan s_beat = TimeSpan.FromMilliseconds(2);

    // How long everybody may take to leave.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    // A controller that is itself late must not blame others for it.
    private static readonly TimeSpan s_stepMax = TimeSpan.FromMilliseconds(50);

    private readonly StressFamily _family;
    private readonly StressOptions _options;
    private readonly Action<StressRun> _progress;
    private readonly StressPlace _place;
    private readonly WorkerOutput _output = WorkerOutput.Start();
    private readonly List<Seat> _seats = [];
    private readonly List<(long From, long To)> _pauses = [];
    private readonly Disruptions _disruptions;
    private readonly GrantedTime _granted = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private StressReferee? _referee;
    private StuckWatch? _watch;
    private long _lastLook = Stopwatch.GetTimestamp();
    private TimeSpan _step;
    private long _lastId;

    public StressRun(StressFamily family, StressOptions options, Action<StressRun> progress)
    {
        (_family, _options, _progress) = (family, options, progress);
        _disruptions = new Disruptions(options);
        _place = new StressPlace(StressDirectory.Create(), Ledger.Create(options.Processes + options.Kills), options.Processes, options.Seed, options.Fault);
    }

    public int Kills { get; private set; }

    public int Pauses { get; private set; }

    /// <summary>What part of the run is over, from 0 to 1.</summary>
    public double Fraction
    {
        get
        {
            int all = _options.Kills + _options.Pauses;
            double done = all == 0 ? 1 : 1 - ((double)_disruptions.Left / all);
            return _options.Duration is { } duration ? Math.Min(done, Stopwatch.GetElapsedTime(_start) / duration) : done;
        }
    }

    public async Task<StressReport> RunAsync(CancellationToken cancellationToken)
    {
        List<string> violations = [];
        IReadOnlyList<(string Name, long Value)> figures = [];
        try
        {
            _family.Create(_place);
            _referee = _family.Judge(_place);
            _watch = new StuckWatch(_referee);
            TakeSeats();
            await DisruptAsync(cancellationToken);
            await LeaveAsync(cancellationToken);
            figures = _referee.Close();
        }
        catch (StressViolationException violation)
        {
            violations.AddRange(await EndedByThemselvesAsync());
            violations.Add(violation.Message);
        }
        return Report([.. violations.Concat(ViolationsTold()).Distinct()], figures);
    }

    public void Dispose()
    {
        foreach (Seat seat in _seats)
        {
            seat.Dispose();
        }
        _referee?.Dispose();
        _output.Dispose();
        Directory.Delete(_place.Directory, recursive: true);
        _place.Dispose();
    }

    // Before each kill and pause; one of them stays, at least, that recovers what the others leave.
    private int LeastRunning => Math.Max(2, _options.Processes * 3 / 4);

    private async Task DisruptAsync(CancellationToken cancellationToken)
    {
        while (!_disruptions.AreOver || (_options.Duration is { } duration && Stopwatch.GetElapsedTime(_start) < duration))
        {
            await BeatAsync(cancellationToken);
            ReplaceTheDead();
            Disrupt();
            _progress(this);
        }
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _place.Ledger.Stopping, 1);
        GrantedTime granted = new();
        TimeSpan waited = TimeSpan.Zero;
        foreach (Seat seat in _seats.Where(seat => seat.PausedUntil is not null))
        {
            GoOn(seat);
        }
        while (_seats.Count > 0)
        {
            await BeatAsync(cancellationToken);
            _referee!.Release();
            RemoveTheDead();
            waited += granted.Of(_seats.Select(seat => seat.ProcessId), _step);
            if (waited > s_grace)
            {
                throw new StressViolationException($"Stuck: {_seats[0].Record.ToString()} does not leave.");
            }
        }
    }

    // What is due at any time.
    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(s_beat, cancellationToken);
        foreach (Seat seat in _seats.Where(seat => seat.PausedUntil <= Stopwatch.GetTimestamp()))
        {
            GoOn(seat);
        }
        if (ViolationsTold().Any())
        {
            throw new StressViolationException(ViolationsTold().First());
        }
        TimeSpan passed = Stopwatch.GetElapsedTime(_lastLook);
        _lastLook = Stopwatch.GetTimestamp();
        _step = passed < s_stepMax ? passed : s_stepMax;
        if (_seats.TrueForAll(seat => seat.PausedUntil is null && (!seat.Record.IsKilled || seat.Ended.IsCompleted)))
        {
            long[] live = [.. _seats.Where(seat => !seat.Record.IsKilled && !seat.Ended.IsCompleted).Select(seat => seat.Id)];
            Look(live);
        }
    }

    private void Look(long[] live)
    {
        TimeSpan granted = _step;
        // It costs many system calls.
        if (_watch!.IsSuspicious || _referee!.IsSuspicious)
        {
            granted = _granted.Of(_seats.Select(seat => seat.ProcessId), _step);
        }
        else
        {
            _granted.Forget();
        }
        _referee!.Look(live, granted);
        _watch.Look(_place.Ledger, live, _step, granted);
    }

    private void Disrupt()
    {
        if (_disruptions.Next is not { } isKill)
        {
            return;
        }
        Seat[] atWork = [.. _seats.Where(seat => seat.IsAtWork)];
        Seat[] running = [.. atWork.Where(seat => seat.PausedUntil is null)];
        if (running.Length < LeastRunning || !_referee!.MayDisrupt)
        {
            _disruptions.Postpone();
        }
        else if (isKill)
        {
            Kill(_disruptions.Choose(atWork));
            _disruptions.Done();
        }
        else
        {
            Seat paused = _disruptions.Choose(running);
            paused.Pause(Stopwatch.GetTimestamp() + (long)(_disruptions.PauseLength().TotalSeconds * Stopwatch.Frequency));
            Pauses++;
            _disruptions.Done();
        }
    }

    private void Kill(Seat seat)
    {
        seat.Kill();
        Kills++;
        if (seat.PausedUntil is not null)
        {
            _pauses.Add((seat.PausedAt, Stopwatch.GetTimestamp()));
        }
    }

    private void GoOn(Seat seat)
    {
        if (!seat.Record.IsKilled)
        {
            _pauses.Add((seat.PausedAt, Stopwatch.GetTimestamp()));
        }
        seat.GoOn();
    }

    private void ReplaceTheDead()
    {
        RemoveTheDead();
        TakeSeats();
    }

    private void RemoveTheDead()
    {
        foreach (Seat seat in _seats.Where(seat => seat.Ended.IsCompleted).ToArray())
        {
            ExitStatus status = seat.Ended.GetAwaiter().GetResult();
            _seats.Remove(seat);
            seat.Dispose();
            if (!MayEnd(seat, status))
            {
                string said = string.Join(' ', _output.Lines);
                throw new StressViolationException($"A process ended by itself, {status}. {said}".TrimEnd());
            }
        }
    }

    private bool MayEnd(Seat seat, ExitStatus status) =>
        seat.Record.IsKilled || (status.IsSuccess && Volatile.Read(ref _place.Ledger.Stopping) != 0);

    // Ends everybody. Who had ended already is why others found something wrong, and is told before they are: that somebody has gone is seen by the
    // others earlier than here.
    private async Task<IReadOnlyList<string>> EndedByThemselvesAsync()
    {
        List<string> told = [];
        foreach (Seat seat in _seats)
        {
            ExitStatus status = await seat.EndAsync();
            if (!MayEnd(seat, status) && status.Signal != Signal.SIGKILL && status.Code != ExitCode.No)
            {
                told.Add($"{seat.Record.ToString()} ended by itself, {status}.");
            }
        }
        return told;
    }

    private void TakeSeats()
    {
        for (int number = 0; number < _options.Processes; number++)
        {
            if (!_seats.Exists(seat => seat.Record.Seat == number))
            {
                WorkerOrder order = new(++_lastId, _place.Directory, _options.Processes, _options.Seed, _options.Fault);
                _place.Ledger[order.Id].Seat = number;
                _seats.Add(Seat.Start(_family, order, _place.Ledger, _output.Writer));
            }
        }
    }

    private IEnumerable<string> ViolationsTold() =>
        from line in _output.Lines
        where line.StartsWith(WorkerProgram.ViolationMark, StringComparison.Ordinal)
        select line[WorkerProgram.ViolationMark.Length..];

    private StressReport Report(IReadOnlyList<string> violations, IReadOnlyList<(string Name, long Value)> figures) => new()
    {
        Family = _family.Name,
        Options = _options,
        Elapsed = Stopwatch.GetElapsedTime(_start),
        Turns = Enumerable.Range(1, _place.Ledger.Records).Sum(id => _place.Ledger[id].Turns),
        Kills = Kills,
        Pauses = Pauses,
        Recoveries = RecoveryTimes.Of(_place.Ledger, _pauses),
        LongestWait = _watch?.Longest ?? TimeSpan.Zero,
        Figures = figures,
        Violations = violations,
    };
}
