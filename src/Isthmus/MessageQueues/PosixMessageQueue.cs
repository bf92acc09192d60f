using System.Globalization;
using System.Text;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A queue of messages with a name and priorities, kept by the kernel (<c>mq_overview(7)</c>): whole messages, the highest priority first,
/// in order within one. It outlives its processes, until <see cref="Unlink"/> and the last close.
/// </summary>
/// <remarks>
/// Thread-safe. Sync calls are one system call each; async calls wait in the event loop; neither allocates. A thread that blocks
/// in a sync call is not woken by <see cref="Dispose"/>; async waits end with <see cref="ObjectDisposedException"/>.
/// </remarks>
public sealed partial class PosixMessageQueue : IDisposable
{
    /// <summary>The highest priority, 32767 (<c>MQ_PRIO_MAX</c> - 1).</summary>
    public const int PriorityMax = LibC.MQ_PRIO_MAX - 1;

    private readonly PollableHandle _pollable;

    private PosixMessageQueue(SafeFileHandle handle)
    {
        LibC.mq_attr attributes = PosixMessageCall.Attributes(handle);
        Handle = handle;
        MaxMessages = (int)attributes.mq_maxmsg;
        MaxMessageSize = (int)attributes.mq_msgsize;
        _pollable = new PollableHandle(handle, typeof(PosixMessageQueue));
    }

    /// <summary>The descriptor: on Linux an <c>mqd_t</c> is one. It can be passed on, and is closed with this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>How many messages it holds; a sender to a full queue waits.</summary>
    public int MaxMessages { get; }

    /// <summary>The longest message in bytes; a receiver's buffer must be at least as long.</summary>
    public int MaxMessageSize { get; }

    /// <summary>How many messages wait in it now.</summary>
    public int MessageCount => (int)PosixMessageCall.Attributes(Handle).mq_curmsgs;

    /// <summary>Makes a queue that has its mode from the first moment on, never a wider one, whatever the umask.</summary>
    /// <param name="name">A slash, then up to 255 bytes without a further one. Names are those of the ipc namespace, not of a directory.</param>
    /// <param name="options">Its size, mode and access.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException">
    /// <c>EEXIST</c>: the name is taken; <c>EINVAL</c>: larger than this machine allows; <c>ENOSPC</c>: too many queues; <c>EMFILE</c>: RLIMIT_MSGQUEUE
    /// or RLIMIT_NOFILE; the message tells the limit.
    /// </exception>
    /// <exception cref="PathTooLongException"><c>ENAMETOOLONG</c>.</exception>
    public static PosixMessageQueue Create(string name, PosixMessageQueueOptions? options = null) =>
        new(PosixMessageQueueFile.Create(name, options ?? new()));

    /// <summary>Opens a queue that exists.</summary>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission; <c>EPERM</c>: another user owns it.</exception>
    public static PosixMessageQueue Open(string name, PosixMessageQueueOpenOptions? options = null)
    {
        options ??= new();
        return new PosixMessageQueue(PosixMessageQueueFile.Open(name, options.Access, options.AnyOwner));
    }

    /// <summary>
    /// Opens the queue, or makes it where there is none. An existing one stays as it is: see <see cref="MaxMessages"/> and
    /// <see cref="MaxMessageSize"/>.
    /// </summary>
    /// <inheritdoc cref="Create" path="/param"/>
    /// <inheritdoc cref="Create" path="/exception"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission; <c>EPERM</c>: another user owns it.</exception>
    public static PosixMessageQueue OpenOrCreate(string name, PosixMessageQueueOptions? options = null)
    {
        options ??= new();
        SafeFileHandle? handle;
        do
        {
            // Others may make and unlink it between the two.
            handle = PosixMessageQueueFile.TryCreate(name, options)
                ?? PosixMessageQueueFile.TryOpen(name, options.Access, options.AnyOwner);
        }
        while (handle is null);
        return new PosixMessageQueue(handle);
    }

    /// <summary>Takes over the descriptor of a queue, inherited or received.</summary>
    /// <exception cref="PosixException"><c>EBADF</c>: it is no message queue; the handle stays the caller's.</exception>
    public static PosixMessageQueue FromHandle(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new PosixMessageQueue(handle);
    }

    /// <summary>Removes the name, at once; who has the queue open goes on, and the next to create the name gets a new queue.</summary>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: only its owner may.</exception>
    public static void Unlink(string name)
    {
        if (LibC.mq_unlink(PosixName.Check(name)) != 0)
        {
            throw PosixException.From(Errno.Last, "mq_unlink", name);
        }
    }

    /// <summary>What the kernel knows of it: fill, mode, owner, and who waits for the notification.</summary>
    public PosixMessageQueueStatus Stat()
    {
        LibC.statx file = FileStatus.Of(Handle);
        LibC.mq_attr attributes = PosixMessageCall.Attributes(Handle);
        // QSIZE:5 NOTIFY:2 SIGNO:0 NOTIFY_PID:77
        string[] words = ReadStatus().Split((char[])[' ', ':', '\n'], StringSplitOptions.RemoveEmptyEntries);
        bool known = words is ["QSIZE", _, _, _, _, _, "NOTIFY_PID", _];
        int process = known ? int.Parse(words[7], CultureInfo.InvariantCulture) : 0;
        return new PosixMessageQueueStatus(
            (int)attributes.mq_curmsgs, MaxMessages, MaxMessageSize,
            known ? long.Parse(words[1], CultureInfo.InvariantCulture) : null, process > 0 ? process : null,
            (UnixFileMode)(file.stx_mode & ~LibC.S_IFMT), file.stx_uid, file.stx_gid);
    }

    /// <summary>
    /// Completes when a message comes into the empty queue and no receiver is waiting for it: the kernel's <c>mq_notify(3)</c>, without a
    /// signal. The registration is made before this method returns.
    /// </summary>
    /// <remarks>
    /// It tells of one change from empty to not empty, so that a queue that has messages already stays silent. Hence the order: call this
    /// first, then take what is there with <see cref="TryReceive(Span{byte}, out PosixMessage)"/> until it is false, then await. Only one can wait
    /// for it at a time, on the whole machine; it is a hint, because others may take the message first. To wait for a message and take it,
    /// <see cref="ReceiveAsync"/> is simpler.
    /// </remarks>
    /// <exception cref="PosixException"><c>EBUSY</c>: somebody waits for it already.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the registration is gone.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed meanwhile.</exception>
    public Task WaitForNotificationAsync(CancellationToken cancellationToken = default) =>
        PosixMessageNotification.WaitAsync(this, cancellationToken);

    /// <summary>Closes the descriptor. The queue and its messages stay, until it is unlinked and the last one closes it.</summary>
    public void Dispose() => _pollable.Dispose();

    // What a file in a mounted mqueue file system shows can be read from the descriptor, too. Empty without permission to read.
    private unsafe string ReadStatus()
    {
        byte* buffer = stackalloc byte[128];
        LibC.iovec vector = new() { iov_base = buffer, iov_len = 128 };
        nint length = LibC.preadv2(Handle, &vector, 1, 0, 0);
        return length > 0 ? Encoding.ASCII.GetString(buffer, (int)length) : "";
    }
}
