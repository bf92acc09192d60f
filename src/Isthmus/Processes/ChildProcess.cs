namespace Isthmus;

/// <summary>
/// A process that this one started (<c>posix_spawn(3)</c>). It is waited for by its own number, so other code that
/// starts processes (<c>System.Diagnostics.Process</c>) is not disturbed. Thread-safe.
/// </summary>
/// <remarks>
/// <para>The child starts with an empty signal mask, every signal at its default (the runtime ignores SIGPIPE; the
/// child does not), and no
/// descriptor but those that its options name.</para>
/// <para><see cref="Dispose"/> closes this process's ends of the pipes and neither waits nor kills. A child that ends
/// later is reaped
/// in the background: no zombie stays, whether or not it was waited for or disposed of.</para>
/// </remarks>
public sealed partial class ChildProcess : IDisposable
{
    private readonly PipeWriteEnd? _standardInput;
    private readonly PipeReadEnd? _standardOutput;
    private readonly PipeReadEnd? _standardError;

    private readonly bool _leadsGroup;

    private ChildProcess(ProcessHandle process, ChildStreams streams, bool leadsGroup)
    {
        Process = process;
        _leadsGroup = leadsGroup;
        _standardInput = streams.TakeInput();
        _standardOutput = streams.TakeOutput(1);
        _standardError = streams.TakeOutput(2);
    }

    /// <summary>The process itself: to signal its group or tree, to watch it stop and continue, to know its
    /// identity.</summary>
    public ProcessHandle Process { get; }

    /// <summary>The process's number (pid).</summary>
    public int Id => Process.Id;

    /// <summary>True once it has ended.</summary>
    public bool HasExited => Process.HasExited;

    /// <summary>This process's end of the child's standard input. Dispose of it to let the child read the end.</summary>
    /// <exception cref="InvalidOperationException">It was not started with <see cref="StandardStream.Pipe"/>.</exception>
    public PipeWriteEnd StandardInput => _standardInput ?? throw NoPipe(nameof(StandardInput));

    /// <summary>This process's end of the child's standard output.</summary>
    /// <exception cref="InvalidOperationException">It was not started with <see cref="StandardStream.Pipe"/>.</exception>
    public PipeReadEnd StandardOutput => _standardOutput ?? throw NoPipe(nameof(StandardOutput));

    /// <summary>This process's end of the child's standard error.</summary>
    /// <exception cref="InvalidOperationException">It was not started with <see cref="StandardStream.Pipe"/>.</exception>
    public PipeReadEnd StandardError => _standardError ?? throw NoPipe(nameof(StandardError));

    /// <summary>Starts a program with these arguments; all else is as in this process.</summary>
    /// <inheritdoc cref="Start(ChildProcessOptions)"/>
    public static ChildProcess Start(string fileName, params IEnumerable<string> arguments) =>
        Start(new ChildProcessOptions { FileName = fileName, Arguments = [.. arguments] });

    /// <summary>Starts a program. When this returns, the program itself runs; when it throws, nothing is left
    /// behind.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: no such program, or its interpreter or working directory
    /// is missing; the message tells which.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: not executable, or a directory cannot be searched; <c>EPERM</c>: user, nice or limits need privileges.
    /// </exception>
    /// <exception cref="PosixException">
    /// <c>ENOEXEC</c>: not a format that the kernel executes; <c>E2BIG</c>: too large arguments; <c>EAGAIN</c>: too
    /// many processes;
    /// <c>EMFILE</c>: too many open files; <c>ETXTBSY</c>: the program is open for writing.
    /// </exception>
    /// <exception cref="ArgumentException">A string contains NUL, or options contradict each other.</exception>
    public static ChildProcess Start(ChildProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfContradictory();
        string path = ExecutableSearch.Find(options.FileName);
        using ChildStreams streams = new(options);
        Birth birth = Birth.Now;
        using ChildReaper.Expectation expected = ChildReaper.Expect(birth);
        int pid = SpawnThread.IsNeeded(options)
            ? SpawnThread.Spawn(path, options, streams)
            : Spawner.Spawn(path, options, streams, null);
        return new ChildProcess(TakeOver(pid, birth), streams, options.LeadsGroup || streams.Terminal is not null);
    }

    /// <summary>Blocks until the child has ended.</summary>
    public ExitStatus Wait() => Process.Wait();

    /// <summary>As <see cref="Wait"/>; false when it still runs after <paramref name="timeout"/>.</summary>
    public bool TryWait(TimeSpan timeout, out ExitStatus status) => Process.TryWait(timeout, out status);

    /// <summary>Completes when the child has ended. A cancelled wait changes nothing.</summary>
    public ValueTask<ExitStatus> WaitAsync(CancellationToken cancellationToken = default) => Process.WaitAsync(cancellationToken);

    /// <summary>Sends a signal to the child; false when it has ended already.</summary>
    public bool Send(Signal signal) => Process.Send(signal);

    /// <summary>Ends the child by SIGKILL; false when it has ended already. Its own children go on.</summary>
    public bool Kill() => Process.Send(Signal.SIGKILL);

    /// <summary>Closes this process's ends of the pipes. The child goes on, and is reaped when it ends.</summary>
    public void Dispose()
    {
        _standardInput?.Dispose();
        _standardOutput?.Dispose();
        _standardError?.Dispose();
        Process.Dispose();
    }

    /// <summary>The handle that reaps a new child; a child for which there is none is ended and reaped.</summary>
    internal static ProcessHandle TakeOver(int pid, Birth birth)
    {
        try
        {
            return ProcessHandle.OfChild(pid, birth);
        }
        catch
        {
            // No descriptor left, say. Nobody else can have reaped it, so the number is still its.
            _ = Native.LibC.kill(pid, Signal.SIGKILL.Number);
            SpawnThread.Reap(pid);
            Guardian.LeaderReaped(pid);
            throw;
        }
    }

    private static InvalidOperationException NoPipe(string stream) =>
        new($"{stream} of this child is no pipe: start it with {stream} = {nameof(StandardStream)}.{nameof(StandardStream.Pipe)}.");
}
