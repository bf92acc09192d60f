using System.Diagnostics;
using System.Threading.Channels;
using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>Looks again and again, shows what it sees, and answers keys and signals, until it is told to end.</summary>
internal sealed class WatchLoop
{
    private readonly WatchOptions _options;
    private readonly WatchState _state;
    private readonly Func<Snapshot> _take;
    private readonly WatchTerminal _terminal;
    private readonly RateMeter _meter = new(readsProcesses: true);
    private WatchModel? _model;
    private IReadOnlyList<string> _report = [];
    private NodeId? _reported;
    private bool _isStopped;

    private WatchLoop(WatchOptions options, WatchState state, Func<Snapshot> take, WatchTerminal terminal)
    {
        _options = options;
        _state = state;
        _take = take;
        _terminal = terminal;
    }

    /// <summary>Watches in the terminal; the exit code.</summary>
    public static async Task<int> RunAsync(WatchOptions options, WatchState state, Func<Snapshot> take)
    {
        Channel<WatchEvent> events = Channel.CreateUnbounded<WatchEvent>();
        using CancellationTokenSource ended = new();
        // The terminal's mode is noted by the runtime when it first handles signals: before it changes.
        using WatchSignals signals = new(events.Writer);
        using WatchTerminal terminal = new();
        terminal.Enter();
        Task keys = ReadKeysAsync(events.Writer, ended.Token);
        try
        {
            return await new WatchLoop(options, state, take, terminal).RunAsync(events.Reader);
        }
        finally
        {
            // Before whoever awaits it can print anything.
            terminal.Leave();
            await ended.CancelAsync();
            await keys;
        }
    }

    private static async Task ReadKeysAsync(ChannelWriter<WatchEvent> events, CancellationToken cancellationToken)
    {
        WatchKeys keys = new();
        byte[] buffer = new byte[256];
        using StandardInput input = new();
        try
        {
            for (int count; (count = await input.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                foreach (WatchKey key in keys.Read(buffer.AsSpan(0, count)))
                {
                    events.TryWrite(new WatchEvent(key, null));
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or CliException)
        {
            // It ends, or the terminal was hung up.
        }
        events.TryWrite(new WatchEvent(null, Signal.SIGHUP));
    }

    private async Task<int> RunAsync(ChannelReader<WatchEvent> events)
    {
        long due = Stopwatch.GetTimestamp();
        for (int looks = 0; looks != _options.Count || _model is null;)
        {
            bool rests = _isStopped || (_state.IsPaused && _model is not null);
            if (Stopwatch.GetTimestamp() >= due && !rests)
            {
                Look();
                looks++;
                due = Stopwatch.GetTimestamp() + (long)(_options.Interval.TotalSeconds * Stopwatch.Frequency);
            }
            if (!_isStopped)
            {
                Show();
            }
            if (_terminal.IsHungUp)
            {
                return ExitCode.Signal + Signal.SIGHUP.Number;
            }
            await WaitAsync(events, rests ? Timeout.InfiniteTimeSpan : Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due));
            while (events.TryRead(out WatchEvent next))
            {
                if (Answer(next) is { } exitCode)
                {
                    return exitCode;
                }
            }
        }
        return ExitCode.Done;
    }

    // Until there is something to answer, or it is time.
    private static async Task WaitAsync(ChannelReader<WatchEvent> events, TimeSpan time)
    {
        using CancellationTokenSource due = new();
        if (time != Timeout.InfiniteTimeSpan)
        {
            due.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        }
        try
        {
            await events.WaitToReadAsync(due.Token);
        }
        catch (OperationCanceledException)
        {
            // It is time.
        }
    }

    private void Look()
    {
        Snapshot snapshot = _take();
        _model = WatchModel.Of(snapshot, _meter.Advance(snapshot), _options.Filter);
        _reported = null;
    }

    private void Show()
    {
        if (_state.Opened is { } opened && opened != _reported)
        {
            _report = WatchReport.Of(_model!.Snapshot, opened);
            _reported = opened;
        }
        _terminal.Show(WatchScreen.Draw(_model!, _state, _terminal.Size, _report));
    }

    // The exit code when it is the end.
    private int? Answer(WatchEvent next)
    {
        if (next.Key is { } key)
        {
            return _state.Press(key, _model!, WatchScreen.PageOf(_model!, _state, _terminal.Size)) ? null : ExitCode.Done;
        }
        Signal signal = next.Signal!.Value;
        if (signal == Signal.SIGTSTP)
        {
            Stop();
        }
        else if (signal == Signal.SIGCONT)
        {
            _isStopped = false;
            // Who went on meanwhile may have used the screen.
            _terminal.Leave();
            _terminal.Enter();
        }
        else if (signal == Signal.SIGINT)
        {
            return ExitCode.Done;
        }
        else if (signal != Signal.SIGWINCH)
        {
            return ExitCode.Signal + signal.Number;
        }
        return null;
    }

    // As the terminal would have done it, had we not wanted to give it back first. It may take a moment until we are stopped: that we go on, SIGCONT tells.
    private void Stop()
    {
        if (JobControl.HasParent)
        {
            _isStopped = true;
            _terminal.Leave();
            using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
            self.Send(Signal.SIGSTOP);
        }
    }
}
