namespace Isthmus;

// Run and capture.
public sealed partial class ChildProcess
{
    /// <summary>Runs a program to its end and gives its status and output.</summary>
    /// <inheritdoc cref="RunAsync(ChildProcessOptions, CaptureOptions, CancellationToken)"/>
    public static Task<CapturedOutput> RunAsync(
        string fileName, IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        RunAsync(new ChildProcessOptions { FileName = fileName, Arguments = [.. arguments] }, null, cancellationToken);

    /// <summary>
    /// Runs a program to its end and gives its status and what it printed, however much that is on both streams.
    /// Standard output and
    /// error are captured where the options leave them inherited.
    /// </summary>
    /// <remarks>
    /// A child that does not read all its input is not at fault: the rest is dropped. When the timeout has passed, or the
    /// token is cancelled, the child, or its group when it leads one, gets SIGTERM and, after the grace period,
    /// SIGKILL. The call does not wait for ever for the
    /// output of those whom the child left behind: see <see cref="CaptureOptions.Linger"/>.
    /// </remarks>
    /// <exception cref="OperationCanceledException">Cancelled; the child has ended and is reaped.</exception>
    /// <inheritdoc cref="Start(ChildProcessOptions)"/>
    public static async Task<CapturedOutput> RunAsync(
        ChildProcessOptions options, CaptureOptions? capture = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        capture ??= new CaptureOptions();
        using ChildProcess child = Start(options with
        {
            StandardInput = capture.Input is null ? options.StandardInput : StandardStream.Pipe,
            StandardOutput = PipeUnlessSet(options.StandardOutput),
            StandardError = PipeUnlessSet(options.StandardError),
        });
        return await child.CaptureAsync(capture, cancellationToken).ConfigureAwait(false);
    }

    private static StandardStream PipeUnlessSet(StandardStream stream) => stream == StandardStream.Inherit ? StandardStream.Pipe : stream;

    private async Task<CapturedOutput> CaptureAsync(CaptureOptions capture, CancellationToken cancellationToken)
    {
        StreamCapture output = new(_standardOutput, capture.OutputMax), error = new(_standardError, capture.OutputMax);
        using CancellationTokenSource giveUp = new();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A stream that fails stops the child, which would wait for ever for the other side of it.
        Task streams = Task.WhenAll(
            OrStopAsync(output.ReadToEndAsync(giveUp.Token), stop.CancelAsync),
            OrStopAsync(error.ReadToEndAsync(giveUp.Token), stop.CancelAsync),
            OrStopAsync(FeedAsync(capture.Input, giveUp.Token), stop.CancelAsync));

        ExitStatus status;
        bool timedOut;
        try
        {
            (status, timedOut) = await WaitOrStopAsync(capture, stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            await streams.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        giveUp.CancelAfterOrNever(capture.Linger);
        await streams.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return new CapturedOutput
        {
            Status = status,
            Output = output.Bytes,
            Error = error.Bytes,
            TimedOut = timedOut,
            IsTruncated = output.IsTruncated || error.IsTruncated,
        };
    }

    private async Task<(ExitStatus Status, bool TimedOut)> WaitOrStopAsync(CaptureOptions capture, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfterOrNever(capture.Timeout);
        try
        {
            return (await WaitAsync(limit.Token).ConfigureAwait(false), false);
        }
        catch (OperationCanceledException)
        {
            // A group holds those too whose parent has died; without one the descendants are found by their parents.
            SignalScope scope = _leadsGroup ? SignalScope.Group : SignalScope.Tree;
            return (await Process.StopAsync(capture.Grace, scope, CancellationToken.None).ConfigureAwait(false), true);
        }
    }

    private static async Task OrStopAsync(Task stream, Func<Task> stop)
    {
        try
        {
            await stream.ConfigureAwait(false);
        }
        catch
        {
            await stop().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FeedAsync(ReadOnlyMemory<byte>? input, CancellationToken cancellationToken)
    {
        if (input is null)
        {
            // Nobody can write to a pipe that nobody but this call holds.
            if (_standardInput is not null)
            {
                await _standardInput.DisposeAsync().ConfigureAwait(false);
            }
            return;
        }
        try
        {
            await StandardInput.WriteAsync(input.Value, cancellationToken).ConfigureAwait(false);
        }
        catch (PosixException gone) when (gone.Errno == Errno.EPIPE)
        {
            // It has read what it wanted.
        }
        catch (OperationCanceledException)
        {
            // It has ended, and somebody else holds the other end.
        }
        finally
        {
            await StandardInput.DisposeAsync().ConfigureAwait(false);
        }
    }
}
