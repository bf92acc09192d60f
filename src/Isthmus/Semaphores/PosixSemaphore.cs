using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A POSIX semaphore (<c>sem_overview(7)</c>), with a name or in shared memory: libc's own object, which C programs use by
/// <c>sem_open</c> or <c>sem_wait</c>. It is a count of units: acquiring takes one and waits while there is none, releasing gives one.
/// With one unit it is a lock.
/// </summary>
/// <remarks>
/// <para>
/// A unit has no owner: anybody may release, and a process that dies with one never gives it back (a <see cref="SystemVSemaphoreSet"/> can undo,
/// a file lock has an owner). The name stays until <see cref="Unlink"/> or the machine's end, whoever dies.
/// </para>
/// <para>
/// All members may be used by several threads at once. Disposing while a call waits does not end that call. Waiting blocks in the
/// kernel; <see cref="AcquireAsync"/> blocks a thread of its own for each waiter, because no descriptor stands for a semaphore.
/// Whoever may write the memory can put any value into it: share it with those whom you trust.
/// </para>
/// </remarks>
public sealed class PosixSemaphore : IDisposable
{
    private readonly SemaphoreAddress _semaphore;

    private PosixSemaphore(SemaphoreAddress semaphore, string? name)
    {
        _semaphore = semaphore;
        Name = name;
    }

    /// <summary>The most units a semaphore can have (<c>SEM_VALUE_MAX</c>).</summary>
    public static int ValueMax => LibC.SEM_VALUE_MAX;

    /// <summary>How much shared memory one takes in <see cref="CreateIn"/>, in bytes.</summary>
    public static unsafe int SizeBytes => sizeof(LibC.sem_t);

    /// <summary>The name under which it was opened; null for one in memory.</summary>
    public string? Name { get; }

    /// <summary>How many units there were a moment ago: 0 when all are taken, however many wait.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public unsafe int Value
    {
        get
        {
            int value;
            LibC.Check(LibC.sem_getvalue(_semaphore, &value), Name);
            return value;
        }
    }

    /// <summary>Makes a semaphore with a name. It has its mode and its value before it has its name.</summary>
    /// <param name="name">A slash, then up to 251 bytes without a slash.</param>
    /// <param name="initialValue">The units that there are at first, 0 to <see cref="ValueMax"/>.</param>
    /// <param name="options">Who may use it.</param>
    /// <exception cref="ArgumentException">It is no such name, or the value is negative.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static PosixSemaphore Create(string name, int initialValue, PosixSemaphoreOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialValue);
        return TryCreate(name, initialValue, options ?? new())
            ?? throw PosixException.From(Errno.EEXIST, "linkat", name, "Unlink it, open it, or choose another name.");
    }

    /// <summary>Opens a semaphore by its name.</summary>
    /// <param name="name">A slash, then up to 251 bytes without a slash.</param>
    /// <param name="options">Whose.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: no semaphore of this name exists.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>, <c>EMLINK</c>: what stands at the name is no semaphore, or has a second name.</exception>
    public static PosixSemaphore Open(string name, PosixSemaphoreOptions? options = null) =>
        TryOpen(name, options ?? new()) ?? throw PosixException.From(Errno.ENOENT, "open", name);

    /// <summary>
    /// Opens it, whatever its value, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    public static PosixSemaphore OpenOrCreate(string name, int initialValue, PosixSemaphoreOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialValue);
        options ??= new();
        PosixSemaphore? semaphore = null;
        while (semaphore is null)
        {
            // Somebody else may make it between the two, and remove it again.
            semaphore = TryOpen(name, options) ?? TryCreate(name, initialValue, options);
        }
        return semaphore;
    }

    /// <summary>Removes the name. The semaphore stays with those who have it open.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>, <c>EPERM</c>: it is another user's.</exception>
    public static void Unlink(string name) => SemaphoreFile.Unlink(name);

    /// <summary>Looks at a semaphore without opening it.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    public static PosixSemaphoreStatus Stat(string name) => PosixSemaphoreStatus.From(SemaphoreFile.Stat(name));

    /// <summary>
    /// Makes a semaphore without a name in memory that processes share (<c>sem_init(3)</c>). The others find it by
    /// <see cref="OpenIn"/>, once they know that it was made. Nobody may use what stood there before.
    /// </summary>
    /// <param name="memory">Shared and writable. It stays mapped until its semaphores are disposed too.</param>
    /// <param name="offsetBytes">Where, a multiple of 8; it takes <see cref="SizeBytes"/>.</param>
    /// <param name="initialValue">The units that there are at first, 0 to <see cref="ValueMax"/>.</param>
    /// <exception cref="ArgumentException">It does not lie in the memory, is not aligned, or the value is negative.</exception>
    /// <exception cref="InvalidOperationException">The memory is read-only.</exception>
    public static PosixSemaphore CreateIn(MappedMemory memory, long offsetBytes, int initialValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initialValue);
        PosixSemaphore semaphore = OpenIn(memory, offsetBytes);
        LibC.Check(LibC.sem_init(semaphore._semaphore, pshared: 1, (uint)initialValue));
        return semaphore;
    }

    /// <summary>The semaphore that somebody has made at a place in shared memory. What stands there cannot be checked.</summary>
    /// <inheritdoc cref="CreateIn"/>
    public static PosixSemaphore OpenIn(MappedMemory memory, long offsetBytes) => new(SemaphoreAddress.In(memory, offsetBytes), null);

    /// <summary>Takes a unit; waits in the kernel while there is none.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Acquire()
    {
        if (!TryAcquireAtOnce())
        {
            BlockingCall.Run<SemaphoreAcquire, bool>(new SemaphoreAcquire(_semaphore, Name));
        }
    }

    /// <summary>Takes a unit; false when there is none.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public bool TryAcquire() => TryAcquireAtOnce();

    /// <summary>Takes a unit; false when there was none all the time, on the monotonic clock.</summary>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public bool TryAcquire(TimeSpan timeout) =>
        BlockingCall.TryRun<SemaphoreAcquire, bool>(new SemaphoreAcquire(_semaphore, Name), Deadline.After(timeout), out _);

    /// <summary>
    /// Takes a unit. While there is none, a thread of its own waits in the kernel: 128 KiB of stack and some tens of microseconds for
    /// each waiter at a time. Cancelled means that nothing was taken.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ValueTask AcquireAsync(CancellationToken cancellationToken = default) =>
        BlockingCall.RunAsync<SemaphoreAcquire, bool>(new SemaphoreAcquire(_semaphore, Name), cancellationToken).WithoutResult();

    /// <summary>Gives a unit; wakes one who waits. Any thread of any process may, whoever took it.</summary>
    /// <exception cref="SemaphoreFullException">
    /// <c>EOVERFLOW</c>: there are <see cref="ValueMax"/> units already, and it stays so; the <see cref="PosixException"/> is inside.
    /// </exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public void Release()
    {
        ShortUse use = ShortUse.Begin(_semaphore);
        bool released = LibC.sem_post(_semaphore.Address) == 0;
        use.End();
        GC.KeepAlive(this);
        if (!released && LibC.sem_post(_semaphore) < 0)
        {
            Exception error = PosixException.From(Errno.Last, "sem_post", Name, $"It has {ValueMax} units, the most there can be");
            throw error is PosixException { Errno: Errno.EOVERFLOW } ? new SemaphoreFullException(error.Message, error) : error;
        }
    }

    /// <summary>Lets go of the semaphore, not of its units. It stays, and so does its name.</summary>
    public void Dispose() => _semaphore.Dispose();

    private static PosixSemaphore? TryCreate(string name, int initialValue, PosixSemaphoreOptions options)
    {
        using FileMapping? mapping = SemaphoreFile.TryCreate(name, initialValue, options.Mode);
        return mapping is null ? null : new PosixSemaphore(SemaphoreAddress.In(mapping, 0), name);
    }

    private static PosixSemaphore? TryOpen(string name, PosixSemaphoreOptions options)
    {
        using FileMapping? mapping = SemaphoreFile.TryOpen(name, options.AnyOwner);
        return mapping is null ? null : new PosixSemaphore(SemaphoreAddress.In(mapping, 0), name);
    }

    // False means EAGAIN: neither libc knows another error here.
    private bool TryAcquireAtOnce()
    {
        ShortUse use = ShortUse.Begin(_semaphore);
        bool acquired = LibC.sem_trywait(_semaphore.Address) == 0;
        use.End();
        GC.KeepAlive(this);
        return acquired;
    }
}
