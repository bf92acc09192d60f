using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

public sealed partial class FileLock
{
    /// <summary>
    /// Turns the lock that is held into a shared or an exclusive one; blocks as long as others are in the way. For the
    /// flavours Ofd and Posix that is one step: the old lock stays until the new one is there. The flavour Flock gives the
    /// old one up first, so others may come in between.
    /// </summary>
    /// <remarks>
    /// Two holders of shared locks who both wait to become exclusive wait for each other for ever; only the flavour Posix
    /// notices.
    /// </remarks>
    /// <exception cref="InvalidOperationException">It is not held.</exception>
    /// <exception cref="PosixException">
    /// As for <see cref="Acquire"/>. The flavour Flock has then lost the lock: see <see cref="Mode"/>.
    /// </exception>
    public void ChangeMode(FileLockMode mode) => TryChange(mode, Deadline.Never);

    /// <summary>As <see cref="ChangeMode"/>, but does not wait.</summary>
    /// <inheritdoc cref="ChangeMode"/>
    public FileLockChange TryChangeMode(FileLockMode mode) => TryChange(mode, default);

    /// <summary>As <see cref="ChangeMode"/>, but gives up after <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="ChangeMode"/>
    public FileLockChange TryChangeMode(FileLockMode mode, TimeSpan timeout) => TryChange(mode, Deadline.After(timeout));

    /// <summary>
    /// As <see cref="ChangeMode"/>, awaited as by <see cref="AcquireAsync"/>. Cancelled, the lock is held as before; but the
    /// flavour Flock has lost it if it had to wait: see <see cref="Mode"/>.
    /// </summary>
    /// <inheritdoc cref="ChangeMode"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public async ValueTask ChangeModeAsync(FileLockMode mode, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileLockMode old = Mode ?? throw NotHeld();
        FileLockCall call = Begin((int)old, mode);
        int end = AfterFailure(old, mode);
        try
        {
            await BlockingCall.RunAsync<FileLockCall, bool>(call, cancellationToken).ConfigureAwait(false);
            end = (int)mode;
        }
        finally
        {
            EndChange(call, end);
        }
    }

    /// <summary>
    /// Asks the kernel for a lock that would make this one wait; null when there is none, so that it could be acquired just
    /// now. It tells one of perhaps several, and no process for a lock of the flavour Ofd: <see cref="FindHolders(string)"/>
    /// finds all (<c>F_GETLK</c>).
    /// </summary>
    /// <exception cref="NotSupportedException">The flavour Flock: the kernel cannot be asked.</exception>
    public FileLockHolder? FindConflict(FileLockMode mode = FileLockMode.Exclusive)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _state) == Gone, this);
        return Kind == FileLockKind.Flock
            ? throw new NotSupportedException("flock(2) cannot tell what is in the way; FindHolders can.")
            : Call(mode).FindConflict();
    }

    private FileLockChange TryChange(FileLockMode mode, Deadline deadline)
    {
        FileLockMode old = Mode ?? throw NotHeld();
        FileLockCall call = Begin((int)old, mode);
        int end = AfterFailure(old, mode);
        try
        {
            if (BlockingCall.TryRun<FileLockCall, bool>(call, deadline, out _))
            {
                end = (int)mode;
                return FileLockChange.Changed;
            }
        }
        finally
        {
            EndChange(call, end);
        }
        return end == Free ? FileLockChange.Lost : FileLockChange.Refused;
    }

    // A change of the flavour Flock that failed may have kept the old lock after all; what Mode says is made true.
    private void EndChange(FileLockCall call, int end)
    {
        if (end == Free)
        {
            _ = call.Unlock();
        }
        End(call, end);
    }

    // flock(2) removes a lock of another mode before it looks whether the new one can be had.
    private int AfterFailure(FileLockMode old, FileLockMode mode) => Kind == FileLockKind.Flock && old != mode ? Free : (int)old;
}
