using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Waits for the notification of a queue. The kernel can send a cookie over a netlink socket instead of a signal (that is how libc
/// does its <c>SIGEV_THREAD</c>), and a socket stands in the event loop: so there is no signal and no thread. mq_notify(3)
/// </summary>
internal static class PosixMessageNotification
{
    public static async Task WaitAsync(PosixMessageQueue queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using PollableHandle socket = new(Socket(), typeof(PosixMessageQueue));
        Register(queue.Handle, socket);
        try
        {
            await WaitForWakeUpAsync(queue, socket, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Otherwise nobody could register until the next message. Not being registered any more is no error.
            Unregister(queue.Handle);
            throw;
        }
    }

    private static async Task WaitForWakeUpAsync(PosixMessageQueue queue, PollableHandle socket, CancellationToken cancellationToken)
    {
        while (await TakeAsync(queue.Handle, socket, cancellationToken).ConfigureAwait(false) != LibC.NOTIFY_WOKENUP)
        {
            // Removed, but not by us: when a process closes any descriptor of a queue, the kernel drops what it has registered with it.
            Register(queue.Handle, socket);
            if (queue.MessageCount > 0)
            {
                // It may have come while nothing was registered.
                Unregister(queue.Handle);
                return;
            }
        }
    }

    private static SafeFileHandle Socket()
    {
        SafeFileHandle socket = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, 0);
        if (!socket.IsInvalid)
        {
            return socket;
        }
        Errno errno = Errno.Last;
        socket.Dispose();
        throw PosixException.From(
            errno, "socket", "AF_NETLINK", "The kernel tells of messages over such a socket; where a sandbox forbids it, receive instead");
    }

    private static async ValueTask<int> TakeAsync(SafeFileHandle queue, PollableHandle socket, CancellationToken cancellationToken)
    {
        byte[] cookie = new byte[LibC.NOTIFY_COOKIE_LEN];
        MemoryRead read = new(cookie);
        try
        {
            await socket.RunAsync<MemoryRead, int>(read, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Unregister(queue);
            // It may have come at the last moment; then nobody else will be told of that message.
            if (!socket.TryRun(read, Deadline.After(TimeSpan.Zero), out int _) || cookie[^1] != LibC.NOTIFY_WOKENUP)
            {
                throw;
            }
        }
        return cookie[^1];
    }

    private static unsafe void Register(SafeFileHandle queue, PollableHandle socket)
    {
        byte* cookie = stackalloc byte[LibC.NOTIFY_COOKIE_LEN];
        bool referenced = false;
        try
        {
            socket.Handle.DangerousAddRef(ref referenced);
            LibC.sigevent request = new()
            {
                sigev_notify = LibC.SIGEV_THREAD,
                sigev_signo = (int)socket.Handle.DangerousGetHandle(),
                sigev_value = (nint)cookie,
            };
            if (LibC.mq_notify(queue, &request) != 0)
            {
                throw PosixException.From(Errno.Last, "mq_notify", null, Hint(Errno.Last));
            }
        }
        finally
        {
            if (referenced)
            {
                socket.Handle.DangerousRelease();
            }
        }
    }

    private static unsafe void Unregister(SafeFileHandle queue)
    {
        if (!queue.IsClosed)
        {
            LibC.mq_notify(queue, null);
        }
    }

    private static string? Hint(Errno errno) =>
        errno == Errno.EBUSY ? "Somebody waits for the notification of this queue already, and only one can" : null;
}
