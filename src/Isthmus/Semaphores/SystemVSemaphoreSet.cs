using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A set of System V semaphores (<c>sysvipc(7)</c>): counters on which several operations are done together or not at all, and which
/// the kernel can set right when a process dies. It outlives its processes, until <see cref="Remove()"/>.
/// </summary>
/// <remarks>
/// This object is only the set's number: there is no descriptor, and so nothing to close. Thread-safe. Sync and timed calls wait in the kernel, without
/// allocating; an awaited call that must wait blocks a thread of its own, not one of the thread pool, because epoll does not know these sets.
/// </remarks>
public sealed partial class SystemVSemaphoreSet
{
    private SystemVSemaphoreSet(int id) => Id = id;

    /// <summary>The most units a semaphore can have (<c>SEMVMX</c>).</summary>
    public static int ValueMax => short.MaxValue;

    /// <summary>The kernel's number for it, as <c>ipcs -s</c> lists it and <c>ipcrm</c> takes it.</summary>
    public int Id { get; }

    /// <summary>How many semaphores it has. Takes the permission to read.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    public int Count => (int)SystemVSemaphoreCall.Stat(Id).sem_nsems;

    /// <summary>
    /// Makes a set; with <see cref="SystemVKey.Private"/> always a new one. The kernel makes it without values and gives it values later;
    /// a first operation then tells <see cref="Open(SystemVKey, SystemVSemaphoreSetOpenOptions?)"/> that it has them.
    /// </summary>
    /// <param name="key">What others find it by.</param>
    /// <param name="count">How many semaphores, from 1.</param>
    /// <param name="options">Its values, and who may use it.</param>
    /// <exception cref="ArgumentException">The count is below 1, there are not as many values, or one cannot be.</exception>
    /// <exception cref="PosixException">
    /// <c>EEXIST</c>: the key is taken; <c>EINVAL</c>, <c>ENOSPC</c>: too many semaphores or sets, the message tells the limit.
    /// </exception>
    public static SystemVSemaphoreSet Create(SystemVKey key, int count, SystemVSemaphoreSetOptions? options = null) =>
        TryCreate(key, count, options ?? new()) ?? throw SystemVSemaphoreCall.GetFailed(Errno.EEXIST, key);

    /// <summary>Finds a set that exists, and waits until it has its values.</summary>
    /// <exception cref="ArgumentException">The key is <see cref="SystemVKey.Private"/>, by which nothing is found.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to look at it; <c>EPERM</c>: another user owns or made it.</exception>
    /// <exception cref="InvalidDataException">Nobody has operated on it: see <see cref="SystemVSemaphoreSetOpenOptions.AcceptUninitialized"/>.</exception>
    public static SystemVSemaphoreSet Open(SystemVKey key, SystemVSemaphoreSetOpenOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(key, SystemVKey.Private);
        return TryOpen(key, options ?? new()) ?? throw SystemVSemaphoreCall.GetFailed(Errno.ENOENT, key);
    }

    /// <summary>
    /// Finds a set by its number, as <c>ipcs -s</c> lists it. It is not waited for: who tells the number, tells that the set is ready.
    /// </summary>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to look at it; <c>EPERM</c>: another user owns or made it.</exception>
    public static SystemVSemaphoreSet Open(int id, SystemVSemaphoreSetOpenOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        Errno errno = Look(id, options is { AnyOwner: true }, out _);
        return errno == Errno.None ? new SystemVSemaphoreSet(id) : throw SystemVSemaphoreCall.ControlFailed(errno, id);
    }

    /// <summary>
    /// Finds the set, or makes it where there is none. Any number of processes may do this at once: one of them makes it, the others wait
    /// until it has its values. An existing one keeps them.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="InvalidDataException">It exists with another count, or nobody has operated on it.</exception>
    public static SystemVSemaphoreSet OpenOrCreate(SystemVKey key, int count, SystemVSemaphoreSetOptions? options = null)
    {
        options ??= new();
        SystemVSemaphoreSet? set = null;
        while (set is null)
        {
            // Others may make and remove it between the two.
            set = TryCreate(key, count, options) ?? TryOpen(key, options.Existing, count);
        }
        return set;
    }

    /// <summary>
    /// Destroys a set, for everybody and at once: who waits on it wakes with <c>EIDRM</c>. That is more than an Unlink, which takes a
    /// name and leaves the object to those who have it open; a System V set knows no such thing.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: only its owner, its creator or root may.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    public static void Remove(int id) => SystemVSemaphoreCall.Control(id, 0, LibC.IPC_RMID);

    /// <inheritdoc cref="Remove(int)"/>
    public void Remove() => Remove(Id);

    /// <summary>What the kernel knows of it. Takes the permission to read.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    public SystemVSemaphoreSetStatus Stat() => SystemVSemaphoreSetStatus.From(Id, SystemVSemaphoreCall.Stat(Id));

    /// <summary>Changes owner or mode. Two that do so at once may undo each other's change: it is read, changed and written.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: only its owner, its creator or root may; <c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    public void Set(SystemVSemaphoreSetSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        LibC.SemaphoreSetStatus status = SystemVSemaphoreCall.Stat(Id);
        status.sem_perm.uid = settings.User ?? status.sem_perm.uid;
        status.sem_perm.gid = settings.Group ?? status.sem_perm.gid;
        status.sem_perm.mode = (uint?)settings.Mode ?? status.sem_perm.mode;
        SystemVSemaphoreCall.Set(Id, status);
    }

    // Null when the key is taken.
    private static SystemVSemaphoreSet? TryCreate(SystemVKey key, int count, SystemVSemaphoreSetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ushort[] values = options.InitialValues is { } initial ? NativeValues([.. initial], count) : new ushort[count];
        int id = LibC.semget(key.Value, count, LibC.IPC_CREAT | LibC.IPC_EXCL | (int)options.Mode);
        if (id < 0)
        {
            return Errno.Last == Errno.EEXIST ? null : throw SystemVSemaphoreCall.GetFailed(Errno.Last, key);
        }
        SystemVSemaphoreSet set = new(id);
        try
        {
            set.Initialize(values);
            return set;
        }
        catch
        {
            set.Remove();
            throw;
        }
    }

    // Null when there is none, or none any more.
    private static SystemVSemaphoreSet? TryOpen(SystemVKey key, SystemVSemaphoreSetOpenOptions options, int? count = null)
    {
        Deadline patience = Deadline.After(options.InitializationTimeout);
        while (true)
        {
            // Before the look: whoever did not run for long looks once more.
            bool isLast = patience.HasPassed;
            int id = LibC.semget(key.Value, 0, 0);
            LibC.SemaphoreSetStatus? status = null;
            Errno errno = id < 0 ? Errno.Last : Look(id, options.AnyOwner, out status);
            if (errno is Errno.ENOENT or Errno.EINVAL or Errno.EIDRM)
            {
                return null;
            }
            if (errno != Errno.None)
            {
                throw SystemVSemaphoreCall.GetFailed(errno, key);
            }
            if (status is not { sem_otime: 0 } || options.AcceptUninitialized)
            {
                return OfCount(new SystemVSemaphoreSet(id), status, key, count);
            }
            if (isLast)
            {
                throw Uninitialized(key, options.InitializationTimeout);
            }
            // The kernel has nothing to wait for. A maker takes microseconds.
            Thread.Sleep(1);
        }
    }

    // Whether it is there, and may be trusted. One that we may not look at is there, and may still be operated on.
    private static Errno Look(int id, bool anyOwner, out LibC.SemaphoreSetStatus? status)
    {
        status = null;
        if (!SystemVSemaphoreCall.TryStat(id, out LibC.SemaphoreSetStatus found))
        {
            return anyOwner && Errno.Last == Errno.EACCES ? Errno.None : Errno.Last;
        }
        if (!anyOwner)
        {
            SystemVOwner.From(found.sem_perm).RequireTrusted("semctl");
        }
        status = found;
        return Errno.None;
    }

    private static SystemVSemaphoreSet OfCount(SystemVSemaphoreSet set, LibC.SemaphoreSetStatus? status, SystemVKey key, int? count) =>
        status is not { } found || count is null || found.sem_nsems == (ulong)count
            ? set
            : throw new InvalidDataException($"The set '{key}' exists with {found.sem_nsems} semaphores, not {count}.");

    private static InvalidDataException Uninitialized(SystemVKey key, TimeSpan waited) => new(
        $"The set '{key}' was made, and in {waited.TotalSeconds:0.###} s nobody has operated on it: it may have no values yet. Its maker died, or does it "
        + "otherwise: remove the set (ipcrm -S), or accept it uninitialized.");

    // The first operation makes sem_otime differ from 0, which tells the others. It changes nothing.
    private void Initialize(ushort[] values)
    {
        SystemVSemaphoreCall.Values(Id, LibC.SETALL, values);
        // Whoever has come in between has operated, too.
        _ = values[0] == 0
            ? TryOperate([SemaphoreOperation.WaitForZero(0)])
            : TryOperate([SemaphoreOperation.Acquire(0), SemaphoreOperation.Release(0)]);
    }
}
