using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Memory with a name (<c>shm_overview(7)</c>), shared by every process that opens it, in C with <c>shm_open(3)</c>. The name and the
/// bytes stay until <see cref="Unlink"/> or the machine's end, whoever dies.
/// </summary>
/// <remarks>
/// Only one's own objects and root's are opened, unless <see cref="MemoryOpenOptions.AnyOwner"/> says otherwise, and none that has a
/// second name. A named object cannot be sealed: a process that may write it may also truncate it, and then whoever touches the part
/// that is gone ends by SIGBUS. Between processes that do not trust each other use a sealed <see cref="AnonymousMemory"/>.
/// </remarks>
public sealed class PosixSharedMemory : FileBackedMemory
{
    // Both libcs keep the objects there: their shm_open is an open in this directory. (Before glibc 2.34 it is in another library.)
    private const string DirectoryOfObjects = "/dev/shm";
    private const uint NamesMax = 1;

    private PosixSharedMemory(SafeFileHandle handle, MemoryMapping mapping, MemoryAccess access, string? name)
        : base(handle, mapping, offset: 0, access) => Name = name;

    /// <summary>The name under which it was opened; null when it came as a descriptor.</summary>
    public string? Name { get; }

    /// <summary>Makes memory of zeros. It has its size, its mode and its first content before it has its name.</summary>
    /// <param name="name">A slash, then up to 255 bytes without a slash.</param>
    /// <param name="length">The size in bytes. The space is allocated now, so that a lack of memory is an error here and not a SIGBUS later.</param>
    /// <param name="options">Who may open it, and what it holds at first.</param>
    /// <exception cref="ArgumentException">It is no such name, or the length is not positive.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static PosixSharedMemory Create(string name, long length, MemoryCreateOptions? options = null)
    {
        string path = PathOf(name);
        return CreateFile(
            path, name, length, options, (handle, mapping) => new PosixSharedMemory(handle, mapping, MemoryAccess.ReadWrite, name));
    }

    /// <summary>Opens and maps all of it.</summary>
    /// <param name="name">A slash, then up to 255 bytes without a slash.</param>
    /// <param name="options">For what, and whose.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: no memory of this name exists.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="PosixException"><c>EMLINK</c>: it has a second name; <c>EINVAL</c>, <c>ELOOP</c>: something else stands at the name.</exception>
    /// <exception cref="InvalidDataException">It is empty: a creator other than <see cref="Create"/> has not given it a size yet.</exception>
    public static PosixSharedMemory Open(string name, MemoryOpenOptions? options = null) =>
        TryOpen(name, options ?? new()) ?? throw PosixException.From(Errno.ENOENT, "open", name);

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="InvalidDataException">It exists with another size.</exception>
    public static PosixSharedMemory OpenOrCreate(string name, long length, MemoryCreateOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return OpenOrCreateFile(
            name, length, () => TryOpen(name, new() { AnyOwner = options is { AnyOwner: true } }), () => Create(name, length, options));
    }

    /// <summary>Maps memory that was inherited or received as a descriptor; for reading when the descriptor is for reading.</summary>
    /// <param name="handle">The descriptor; when this throws it stays the caller's.</param>
    /// <exception cref="PosixException"><c>EINVAL</c>: it is something else.</exception>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    public static PosixSharedMemory FromHandle(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        MemoryFile.CheckIsFile(FileStatus.Of(handle), "(descriptor)");
        return Map(handle, MemoryFile.AccessOf(handle), null);
    }

    /// <summary>Removes the name. The memory stays with those who have it.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>, <c>EPERM</c>: it is another user's.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: something else stands at the name, and it is left alone.</exception>
    public static void Unlink(string name) => MemoryFile.Unlink(PathOf(name), name);

    /// <summary>Looks at it, without opening it.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: something else stands at the name.</exception>
    public static PosixSharedMemoryStatus Stat(string name)
    {
        if (!FileStatus.TryAt(PathOf(name), out LibC.statx status))
        {
            throw PosixException.From(Errno.Last, "stat", name);
        }
        MemoryFile.CheckIsFile(status, name);
        return PosixSharedMemoryStatus.From(status);
    }

    /// <inheritdoc/>
    public override PosixSharedMemory MapAgain() => Owned(DuplicateHandle(), handle => Map(handle, Access, Name));

    private static PosixSharedMemory? TryOpen(string name, MemoryOpenOptions options) =>
        MemoryFile.TryOpen(PathOf(name), name, options, NamesMax) is { } found
            ? Owned(found, handle => Map(handle, options.Access, name))
            : null;

    private static PosixSharedMemory Map(SafeFileHandle handle, MemoryAccess access, string? name)
    {
        long length = MemoryFile.LengthToMap(handle, 0, null, name);
        return new PosixSharedMemory(handle, FileMapping.Map(handle, 0, length, access, name), access, name);
    }

    private static string PathOf(string name) => DirectoryOfObjects + PosixName.Check(name);
}
