using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A System V message queue (<c>sysvipc(7)</c>): whole messages, each with a type by which receivers choose. It outlives its
/// processes, until <see cref="Remove()"/>.
/// </summary>
/// <remarks>
/// This object is only the queue's number: there is no descriptor, and so nothing to close. Thread-safe. Sync and timed calls wait in the kernel, without
/// allocating; an awaited call that must wait blocks a thread of its own, not one of the thread pool, because epoll does not know these queues.
/// </remarks>
public sealed partial class SystemVMessageQueue
{
    private SystemVMessageQueue(int id) => Id = id;

    /// <summary>The kernel's number for it, as <c>ipcs</c> lists it and <c>ipcrm</c> takes it.</summary>
    public int Id { get; }

    /// <summary>Makes a queue; with <see cref="SystemVKey.Private"/> always a new one.</summary>
    /// <exception cref="PosixException"><c>EEXIST</c>: the key is taken; <c>ENOSPC</c>: too many queues, the message tells the limit.</exception>
    public static SystemVMessageQueue Create(SystemVKey key, SystemVMessageQueueOptions? options = null)
    {
        options ??= new();
        int id = LibC.msgget(key.Value, LibC.IPC_CREAT | LibC.IPC_EXCL | (int)options.Mode);
        return id >= 0 ? new SystemVMessageQueue(id) : throw GetFailed(Errno.Last, key);
    }

    /// <summary>Finds a queue that exists.</summary>
    /// <exception cref="ArgumentException">The key is <see cref="SystemVKey.Private"/>, by which nothing is found.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to look at it; <c>EPERM</c>: another user owns or made it.</exception>
    public static SystemVMessageQueue Open(SystemVKey key, SystemVMessageQueueOpenOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(key, SystemVKey.Private);
        return TryOpen(key, options is { AnyOwner: true }) ?? throw GetFailed(Errno.ENOENT, key);
    }

    /// <summary>Finds a queue by its number, as <c>ipcs</c> lists it.</summary>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such queue.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to look at it; <c>EPERM</c>: another user owns or made it.</exception>
    public static SystemVMessageQueue Open(int id, SystemVMessageQueueOpenOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        Errno errno = Look(id, options is { AnyOwner: true });
        return errno == Errno.None ? new SystemVMessageQueue(id) : throw ControlFailed(errno, id);
    }

    /// <summary>Finds the queue, or makes it where there is none; an existing one stays as it is.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to look at it; <c>EPERM</c>: another user owns or made it.</exception>
    public static SystemVMessageQueue OpenOrCreate(SystemVKey key, SystemVMessageQueueOptions? options = null)
    {
        options ??= new();
        SystemVMessageQueue? queue = null;
        while (queue is null)
        {
            int id = LibC.msgget(key.Value, LibC.IPC_CREAT | LibC.IPC_EXCL | (int)options.Mode);
            if (id < 0 && Errno.Last != Errno.EEXIST)
            {
                throw GetFailed(Errno.Last, key);
            }
            // Others may make and remove it between the two.
            queue = id >= 0 ? new SystemVMessageQueue(id) : TryOpen(key, options.AnyOwner);
        }
        return queue;
    }

    /// <summary>
    /// Destroys a queue and its messages, for everybody and at once: who waits on it wakes with <c>EIDRM</c>. That is more than an Unlink, which
    /// takes a name and leaves the object to those who have it open; a System V queue knows no such thing.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: only its owner, its creator or root may.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such queue.</exception>
    public static unsafe void Remove(int id) => Control(id, LibC.IPC_RMID, null);

    /// <inheritdoc cref="Remove(int)"/>
    public void Remove() => Remove(Id);

    /// <summary>What the kernel knows of it. Takes the permission to read.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such queue.</exception>
    public SystemVMessageQueueStatus Stat() => SystemVMessageQueueStatus.From(Id, Status());

    /// <summary>Changes owner, mode or capacity. Two that do so at once may undo each other's change: it is read, changed and written.</summary>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EPERM</c>: only its owner and its creator may, and more than <c>kernel.msgmnb</c> bytes take <c>CAP_SYS_RESOURCE</c>; <c>EACCES</c>.
    /// </exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such queue.</exception>
    public unsafe void Set(SystemVMessageQueueSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        LibC.msqid_ds status = Status();
        status.msg_perm.uid = settings.User ?? status.msg_perm.uid;
        status.msg_perm.gid = settings.Group ?? status.msg_perm.gid;
        status.msg_perm.mode = (uint?)settings.Mode ?? status.msg_perm.mode;
        status.msg_qbytes = (ulong?)settings.MaxBytes ?? status.msg_qbytes;
        Control(Id, LibC.IPC_SET, &status);
    }

    // Null when there is none, or none any more.
    private static SystemVMessageQueue? TryOpen(SystemVKey key, bool anyOwner)
    {
        int id = LibC.msgget(key.Value, 0);
        Errno errno = id < 0 ? Errno.Last : Look(id, anyOwner);
        return errno switch
        {
            Errno.None => new SystemVMessageQueue(id),
            Errno.ENOENT or Errno.EINVAL or Errno.EIDRM => null,
            _ => throw GetFailed(errno, key),
        };
    }

    // Whether it is there, and may be trusted. One that we may not look at is there, and may still be sent to.
    private static unsafe Errno Look(int id, bool anyOwner)
    {
        LibC.msqid_ds status;
        if (LibC.msgctl(id, LibC.IPC_STAT, &status) < 0)
        {
            return anyOwner && Errno.Last == Errno.EACCES ? Errno.None : Errno.Last;
        }
        if (!anyOwner)
        {
            SystemVOwner.From(status.msg_perm).RequireTrusted("msgctl");
        }
        return Errno.None;
    }

    private static Exception GetFailed(Errno errno, SystemVKey key) => PosixException.From(errno, "msgget", key.ToString(), errno switch
    {
        Errno.EEXIST => "Open it, remove it, or choose another key",
        Errno.ENOSPC =>
            $"There are already as many queues as may be, {Sysctl.Describe(SystemVMessageQueueLimits.QueuesName)}: remove some that nobody needs (ipcs -q)",
        _ => null,
    });

    private unsafe LibC.msqid_ds Status()
    {
        LibC.msqid_ds status;
        Control(Id, LibC.IPC_STAT, &status);
        return status;
    }

    private static unsafe void Control(int id, int command, LibC.msqid_ds* status)
    {
        if (LibC.msgctl(id, command, status) < 0)
        {
            throw ControlFailed(Errno.Last, id);
        }
    }

    private static Exception ControlFailed(Errno errno, int id) =>
        PosixException.From(errno, "msgctl", id.ToString(CultureInfo.InvariantCulture), errno switch
        {
            Errno.EINVAL => "There is no queue with this id; was it removed?",
            Errno.EPERM =>
                $"Only its owner and its creator may; and more bytes than {Sysctl.Describe(SystemVMessageQueueLimits.BytesName)} take CAP_SYS_RESOURCE",
            _ => null,
        });
}
