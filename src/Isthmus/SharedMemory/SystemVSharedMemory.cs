using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// System V shared memory (<c>shmget(2)</c>, <c>shmat(2)</c>): found by a key or an id, attached while this object lives. It stays until
/// <see cref="Remove()"/> or the machine's end, whoever dies; the kernel counts who has it attached.
/// </summary>
/// <remarks>
/// Only one's own segments and root's are opened, unless <see cref="MemoryOpenOptions.AnyOwner"/> says otherwise. Its size is fixed, so
/// touching it is never a SIGBUS. Bytes are plain memory: see <see cref="MappedMemory"/>.
/// </remarks>
public sealed class SystemVSharedMemory : MappedMemory
{
    private SystemVSharedMemory(int id, SystemVAttachment mapping, MemoryAccess access)
        : base(mapping, isReadOnly: access == MemoryAccess.Read) => Id = id;

    /// <summary>The number by which the kernel knows it, and everybody can find it.</summary>
    public int Id { get; }

    /// <summary>Makes a segment of zeros and attaches it. It has its size and mode from its first moment on.</summary>
    /// <param name="key">What others find it by; <see cref="SystemVKey.Private"/> for a new one without a key, which others find by its id.</param>
    /// <param name="length">The size in bytes; more than the machine has is an error here or, with overcommitment, the end of a process later.</param>
    /// <param name="options">Who may attach it, and its pages.</param>
    /// <exception cref="ArgumentException">The length is not positive, or not whole huge pages.</exception>
    /// <exception cref="PosixException">
    /// <c>EEXIST</c>: the key is taken; <c>ENOSPC</c>: a limit of the machine; <c>EINVAL</c>: larger than the machine allows; <c>ENOMEM</c>: no memory.
    /// </exception>
    public static SystemVSharedMemory Create(SystemVKey key, long length, SystemVSharedMemoryOptions? options = null) =>
        TryCreate(key, length, options ?? new()) ?? throw SystemVMemoryCall.Failed(Errno.EEXIST, "shmget", key.ToString());

    /// <summary>Attaches an existing segment.</summary>
    /// <param name="key">Its key, not <see cref="SystemVKey.Private"/>.</param>
    /// <param name="options">For what, and whose.</param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: no segment has this key.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    public static SystemVSharedMemory Open(SystemVKey key, MemoryOpenOptions? options = null) => Open(Find(key), options);

    /// <summary>Attaches an existing segment.</summary>
    /// <param name="id">Its id, as <c>ipcs -m</c> lists it.</param>
    /// <param name="options">For what, and whose.</param>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>EIDRM</c>: no segment has this id, or not any more.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    public static SystemVSharedMemory Open(int id, MemoryOpenOptions? options = null)
    {
        options ??= new();
        if (options.Access == MemoryAccess.CopyOnWrite)
        {
            throw new ArgumentException("System V memory cannot be attached copy-on-write.", nameof(options));
        }
        string name = SystemVMemoryCall.Name(id);
        LibC.shmid_ds status = SystemVMemoryCall.Stat(id, name);
        if (!options.AnyOwner)
        {
            SystemVOwner.From(status.shm_perm).RequireTrusted("shmat");
        }
        return Attach(id, (long)status.shm_segsz, options.Access);
    }

    /// <summary>
    /// Attaches the segment of a key, or makes it. Any number of processes may do this at once: one of them makes it, and all find it with
    /// its size and full of zeros. Who writes the first content, they agree on by other means.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="InvalidDataException">It exists with another size.</exception>
    public static SystemVSharedMemory OpenOrCreate(SystemVKey key, long length, SystemVSharedMemoryOptions? options = null)
    {
        options ??= new();
        SystemVSharedMemory? memory = null;
        while (memory is null)
        {
            try
            {
                memory = TryCreate(key, length, options) ?? TryOpen(key, length, options.AnyOwner);
            }
            catch (PosixException error) when (error.Call != "shmget" && error.Errno is Errno.EINVAL or Errno.EIDRM)
            {
                // Somebody else has removed it before it was attached.
            }
        }
        return memory;
    }

    /// <summary>The id of the segment that has a key.</summary>
    /// <exception cref="ArgumentException">The key is <see cref="SystemVKey.Private"/>, which names no segment.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: no segment has this key.</exception>
    public static int Find(SystemVKey key) => key != SystemVKey.Private
        ? SystemVMemoryCall.TryFind(key) ?? throw SystemVMemoryCall.Failed(Errno.ENOENT, "shmget", key.ToString())
        : throw new ArgumentException("The private key names no segment; open it by its id.", nameof(key));

    /// <summary>Looks at a segment, without attaching it: who has it attached, who made it, when.</summary>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>EIDRM</c>: no segment has this id, or not any more.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not let us read it.</exception>
    public static SystemVSharedMemoryStatus Stat(int id) =>
        SystemVSharedMemoryStatus.From(id, SystemVMemoryCall.Stat(id, SystemVMemoryCall.Name(id)));

    /// <inheritdoc cref="Stat(int)"/>
    public SystemVSharedMemoryStatus Stat() => Stat(Id);

    /// <summary>
    /// Removes a segment: its key is free at once; the memory itself is freed when the last process has detached it, and can be attached
    /// by its id until then (<c>IPC_RMID</c>).
    /// </summary>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>EIDRM</c>: no segment has this id, or not any more.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: only its owner, its creator or root may.</exception>
    public static unsafe void Remove(int id) => SystemVMemoryCall.Control(id, LibC.IPC_RMID);

    /// <inheritdoc cref="Remove(int)"/>
    public void Remove() => Remove(Id);

    /// <summary>Changes owner or mode. Two that do so at once may undo each other's change: it is read, changed and written.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: only its owner, its creator or root may; <c>EACCES</c>.</exception>
    public unsafe void Set(SystemVSharedMemorySettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        LibC.shmid_ds status = SystemVMemoryCall.Stat(Id, SystemVMemoryCall.Name(Id));
        status.shm_perm.uid = settings.User ?? status.shm_perm.uid;
        status.shm_perm.gid = settings.Group ?? status.shm_perm.gid;
        status.shm_perm.mode = (uint?)settings.Mode ?? status.shm_perm.mode;
        SystemVMemoryCall.Control(Id, LibC.IPC_SET, &status);
    }

    /// <summary>
    /// Keeps the segment from being swapped out, for all processes and until <see cref="UnlockSegment"/>, even when nobody has it attached
    /// (<c>SHM_LOCK</c>). Pages that were never touched come in at their first use, or by <see cref="MappedMemory.Prefault()"/>.
    /// </summary>
    /// <exception cref="PosixException"><c>ENOMEM</c>: more than RLIMIT_MEMLOCK.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: not the owner, or RLIMIT_MEMLOCK is 0.</exception>
    public unsafe void LockSegment() => SystemVMemoryCall.Control(Id, LibC.SHM_LOCK);

    /// <summary>Takes back <see cref="LockSegment"/>.</summary>
    public unsafe void UnlockSegment() => SystemVMemoryCall.Control(Id, LibC.SHM_UNLOCK);

    private static SystemVSharedMemory Attach(int id, long length, MemoryAccess access) =>
        new(id, SystemVAttachment.Attach(id, length, access, SystemVMemoryCall.Name(id)), access);

    private static SystemVSharedMemory? TryCreate(SystemVKey key, long length, SystemVSharedMemoryOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        HugePages.CheckLength(length, options.HugePageSize ?? 1);
        int pages = options.HugePageSize is { } size ? LibC.SHM_HUGETLB | HugePages.Flags(size) : 0;
        if (SystemVMemoryCall.TryCreate(key, length, (int)options.Mode | pages) is not { } id)
        {
            return null;
        }
        try
        {
            return Attach(id, length, MemoryAccess.ReadWrite);
        }
        catch
        {
            SystemVMemoryCall.TryRemove(id);
            throw;
        }
    }

    private static SystemVSharedMemory? TryOpen(SystemVKey key, long length, bool anyOwner)
    {
        if (SystemVMemoryCall.TryFind(key) is not { } id)
        {
            return null;
        }
        SystemVSharedMemory memory = Open(id, new() { AnyOwner = anyOwner });
        if (memory.Length == length)
        {
            return memory;
        }
        memory.Dispose();
        throw new InvalidDataException($"The memory '{key}' exists with {memory.Length} bytes, not {length}.");
    }
}
