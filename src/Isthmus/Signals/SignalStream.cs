using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Signals as values, with all that the kernel tells of them: who sent them, why, with what value. While it is open they are caught:
/// their default action does not happen.
/// </summary>
/// <remarks>
/// <para>
/// Thread-safe: each signal goes to one of those who receive. Sync calls block in the kernel, async ones wait in the event loop. A
/// signal goes to one stream of a process only. Standard signals come first; real-time ones the lowest number first, and in the order sent.
/// </para>
/// <para>
/// <b>Standard signals</b> are caught by a few bytes of machine code that write into a pipe. One at a time is pending, the kernel merges the
/// rest; different ones that come together have no promised order, as two threads may take them. The pipe holds 8,192 (512 when the
/// system refuses more), and what does not fit is counted in <see cref="Dropped"/>. The runtime's handler, <c>PosixSignalRegistration</c>,
/// <c>Console.CancelKeyPress</c> and <c>System.Diagnostics.Process</c> go on working beside it, whoever came first; but SIGINT, SIGTERM,
/// SIGQUIT and SIGHUP do not end the process while a stream has them.
/// </para>
/// <para>
/// <b>Real-time signals</b> are blocked in every thread and stay in the kernel's queue until they are received: none is lost or
/// reordered however slow the receiver is; when RLIMIT_SIGPENDING is reached the <i>sender</i> is told. They must be sent to the process:
/// one that is sent to a single thread waits for that thread. Children of <c>System.Diagnostics.Process</c> inherit that mask (those of
/// <c>ChildProcess</c> do not). To tell all threads, <see cref="Open"/> and <see cref="Dispose"/> interrupt each once, which takes some milliseconds.
/// </para>
/// </remarks>
public sealed class SignalStream : IAsyncEnumerable<SignalInfo>, IDisposable
{
    private readonly CaughtSignals? _caught;
    private readonly BlockedSignals? _blocked;
    private readonly PollableHandle _pollable;
    private bool _disposed;

    private SignalStream(SignalSet signals, CaughtSignals? caught, BlockedSignals? blocked, SafeHandle handle)
    {
        Signals = signals;
        _caught = caught;
        _blocked = blocked;
        _pollable = new PollableHandle(handle, typeof(SignalStream));
    }

    /// <summary>The signals that it receives.</summary>
    public SignalSet Signals { get; }

    /// <summary>How many signals were lost because more came than the pipe holds, and nobody received them. Never of real-time signals.</summary>
    public long Dropped => (_caught?.Dropped ?? 0) + (_blocked?.Dropped ?? 0);

    private SignalRead Next => new(_caught?.Reader, _blocked?.Reader);

    /// <summary>Catches these signals from now on.</summary>
    /// <exception cref="ArgumentException">
    /// None; or one that the runtime or this library needs (<see cref="Signal.GetReservation"/>): SIGSEGV and other faults, SIGRTMIN.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another stream has one of them, or a real-time signal has a handler already.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c> SIGKILL and SIGSTOP cannot be caught; <c>EMFILE</c> no descriptor left.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c> the system forbids executable memory (SELinux <c>execmem</c>).</exception>
    /// <exception cref="PlatformNotSupportedException">/proc is not that of this pid namespace (real-time signals only).</exception>
    public static SignalStream Open(params ReadOnlySpan<Signal> signals)
    {
        foreach (Signal signal in signals)
        {
            SignalHandling.ThrowIfReserved(signal, nameof(signals));
        }
        SignalSet set = SignalSet.Create(signals);
        if (set.Count == 0)
        {
            throw new ArgumentException("Say which signals to receive.", nameof(signals));
        }
        lock (SignalHandling.Lock)
        {
            SignalHandling.Take(set);
            try
            {
                return Catch(set);
            }
            catch
            {
                SignalHandling.Release(set);
                throw;
            }
        }
    }

    /// <summary>Waits for the next signal.</summary>
    public SignalInfo Receive() => _pollable.Run<SignalRead, SignalInfo>(Next);

    /// <summary>As <see cref="Receive"/>, but false at once when no signal has come.</summary>
    public bool TryReceive(out SignalInfo signal) => TryReceive(TimeSpan.Zero, out signal);

    /// <summary>As <see cref="Receive"/>, but false when no signal has come within <paramref name="timeout"/>.</summary>
    public bool TryReceive(TimeSpan timeout, out SignalInfo signal) => _pollable.TryRun(Next, Deadline.After(timeout), out signal);

    /// <summary>As <see cref="Receive"/>, waiting in the event loop. Cancelled means that no signal was taken.</summary>
    /// <exception cref="ObjectDisposedException">The stream was disposed of, before or meanwhile.</exception>
    public ValueTask<SignalInfo> ReceiveAsync(CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<SignalRead, SignalInfo>(Next, cancellationToken);

    /// <summary>The signals as they come, until it is cancelled or disposed of, which throws.</summary>
    public async IAsyncEnumerator<SignalInfo> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            yield return await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Puts back the dispositions and the masks that were there before. Signals that nobody has received are thrown away, and do not have
    /// their default action. Async waits end with <see cref="ObjectDisposedException"/>; a thread that blocks in
    /// <see cref="Receive"/> ends so too when the stream has standard signals, else it stays there.
    /// </summary>
    public void Dispose()
    {
        lock (SignalHandling.Lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
            try
            {
                _pollable.Dispose();
                _caught?.Dispose();
                _blocked?.Dispose();
            }
            finally
            {
                SignalHandling.Release(Signals);
            }
        }
    }

    private static SignalStream Catch(SignalSet signals)
    {
        SignalSet realTime = [.. signals.Where(signal => signal.IsRealTime)];
        SignalSet standard = signals.Except(realTime);
        CaughtSignals? caught = null;
        BlockedSignals? blocked = null;
        try
        {
            caught = standard.Count > 0 ? CaughtSignals.Catch(standard) : null;
            blocked = realTime.Count > 0 ? BlockedSignals.Block(realTime) : null;
            return new SignalStream(signals, caught, blocked, caught is not null && blocked is not null
                ? Join(caught.Reader, blocked.Reader)
                : caught?.Reader ?? blocked!.Reader);
        }
        catch
        {
            caught?.Dispose();
            blocked?.Dispose();
            throw;
        }
    }

    // An epoll set is a descriptor itself, ready when one of its own is.
    private static SafeFileHandle Join(params ReadOnlySpan<SafeFileHandle> readers)
    {
        SafeFileHandle set = LibC.Check(LibC.epoll_create1(LibC.EPOLL_CLOEXEC));
        try
        {
            foreach (SafeFileHandle reader in readers)
            {
                int flags = LibC.Check(LibC.fcntl(reader, LibC.F_GETFL));
                LibC.Check(LibC.fcntl(reader, LibC.F_SETFL, flags | LibC.O_NONBLOCK));
                LibC.Check(LibC.epoll_ctl(set, LibC.EPOLL_CTL_ADD, reader, LibC.EPOLLIN, 0));
            }
            return set;
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }
}
