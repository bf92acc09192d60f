using System.Runtime.CompilerServices;

namespace Isthmus;

// Stopped and continued.
public sealed partial class ProcessHandle
{
    private int _watchesState;

    /// <summary>
    /// The stops and continuations of a child from now on, until it ends. Only children report them, and to one reader:
    /// read them from one handle and one loop.
    /// </summary>
    /// <remarks>
    /// No descriptor announces a stop, so this wakes by SIGCHLD, which the runtime's handler passes on, and looks at
    /// this child alone (<c>waitid(2)</c>): while somebody reads, each change of any child costs one system call. The
    /// kernel keeps the latest change only: a child that is stopped and continued before anybody looked reports just
    /// the continuation. Where this process was started with SIGCHLD ignored, changes are found once a second.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The process is not a child of this one, or its changes are being read already.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async IAsyncEnumerable<ChildStateChange> ReadStateChangesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.Exchange(ref _watchesState, 1) != 0)
        {
            throw new InvalidOperationException("The state changes of this process are being read already.");
        }
        try
        {
            using ChildSignal signal = new();
            while (!HasExited)
            {
                // What changed before the signal handler stood is found by this first look.
                while (TryTakeStateChange(out ChildStateChange change))
                {
                    yield return change;
                }
                await signal.WaitAsync(TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Volatile.Write(ref _watchesState, 0);
        }
    }

    private bool TryTakeStateChange(out ChildStateChange change)
    {
        lock (_lock)
        {
            change = default;
            return _status is null && PidFd.TryTakeStateChange(_pidfd, out change);
        }
    }
}
