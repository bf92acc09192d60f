using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Awaits any descriptor: one <c>epoll(7)</c> thread serves the whole process, however many wait; it starts with the first
/// wait. Continuations run on the thread pool. The library's own objects wait through it too.
/// </summary>
public static class EventLoop
{
    /// <summary>
    /// Completes when <paramref name="handle"/> is readable: data, a connection, end of file, hang-up or error.
    /// Regular files are always ready (<c>poll(2)</c>).
    /// </summary>
    /// <remarks>The descriptor is kept open (<c>F_DUPFD_CLOEXEC</c>) until the wait ends, even when <paramref name="handle"/> is disposed meanwhile.</remarks>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled first.</exception>
    /// <exception cref="PosixException"><c>EMFILE</c> too many open files; <c>ENOSPC</c> too many watches (<c>max_user_watches</c>).</exception>
    public static ValueTask WaitReadableAsync(SafeHandle handle, CancellationToken cancellationToken = default) =>
        WaitAsync(handle, Readiness.Readable, cancellationToken);

    /// <summary>Completes when <paramref name="handle"/> is writable: there is space, or the reader is gone.</summary>
    /// <inheritdoc cref="WaitReadableAsync"/>
    public static ValueTask WaitWritableAsync(SafeHandle handle, CancellationToken cancellationToken = default) =>
        WaitAsync(handle, Readiness.Writable, cancellationToken);

    private static async ValueTask WaitAsync(SafeHandle handle, Readiness readiness, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        cancellationToken.ThrowIfCancellationRequested();
        // A duplicate of its own: the same descriptor cannot stand in one epoll set twice.
        using SafeFileHandle duplicate = new(LibC.Check(LibC.fcntl(handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);
        using FdWatch watch = new(duplicate, typeof(EventLoop));
        await watch.WaitAsync(readiness, seen: 0, cancellationToken).ConfigureAwait(false);
    }
}
