using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A file, or a part of it, as memory (<c>mmap(2)</c>), shared by every process that maps it. Unlike the other kinds it survives
/// the machine's end: after <see cref="MappedMemory.Flush()"/> the bytes are on the disk.
/// </summary>
/// <remarks>
/// Symbolic links are not followed, and only one's own files and root's are opened, unless <see cref="MemoryOpenOptions.AnyOwner"/> says
/// otherwise. Whoever may write the file may also truncate it, and then a process that touches the part that is gone ends by SIGBUS.
/// </remarks>
public sealed class MappedFile : FileBackedMemory
{
    private MappedFile(SafeFileHandle handle, MemoryMapping mapping, long offset, MemoryAccess access)
        : base(handle, mapping, offset, access)
    {
    }

    /// <summary>Where in the file it begins.</summary>
    public long OffsetBytes => Offset;

    /// <summary>
    /// Makes a file of zeros and maps all of it. It has its size, its mode and its first content before it has its name, and the
    /// name is on the disk when this returns.
    /// </summary>
    /// <param name="path">Where; nothing may stand there.</param>
    /// <param name="length">The size in bytes. The space is allocated now, so that a full disk is an error here and not a SIGBUS later.</param>
    /// <param name="options">Who may open it, and what it holds at first.</param>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>, <c>EDQUOT</c>: no space; <c>EROFS</c>.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such directory.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to make files there.</exception>
    public static MappedFile Create(string path, long length, MemoryCreateOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MappedFile made = CreateFile(
            path, path, length, options, (handle, mapping) => new MappedFile(handle, mapping, 0, MemoryAccess.ReadWrite), SyncContent);
        return Owned(made, memory =>
        {
            SyncName(path);
            return memory;
        });
    }

    // Before the name: a name that survives a power cut must not lead to zeros that nobody initialises again.
    private static void SyncContent(MappedFile memory)
    {
        memory.Flush();
        LibC.Check(LibC.fsync(memory.Handle));
    }

    /// <summary>Opens a file and maps it, or a part of it.</summary>
    /// <param name="path">An existing file.</param>
    /// <param name="options">For what, whose, and which part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the file.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="PosixException">
    /// <c>EINVAL</c>, <c>ELOOP</c>: something else stands at the path; <c>ENODEV</c>: its file system has no mappings.
    /// </exception>
    /// <exception cref="InvalidDataException">It is empty.</exception>
    public static MappedFile Open(string path, MappedFileOptions? options = null) =>
        TryOpen(path, options ?? new()) ?? throw PosixException.From(Errno.ENOENT, "open", path);

    /// <summary>Opens the file and maps all of it, or makes it. Any number of processes may do this at once: one of them makes it.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="InvalidDataException">It exists with another size.</exception>
    public static MappedFile OpenOrCreate(string path, long length, MemoryCreateOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return OpenOrCreateFile(
            path, length, () => TryOpen(path, new() { AnyOwner = options is { AnyOwner: true } }), () => Create(path, length, options));
    }

    /// <summary>Maps a file that is open already.</summary>
    /// <param name="handle">The descriptor; when this throws it stays the caller's.</param>
    /// <param name="options">For what, and which part; the owner is not looked at.</param>
    /// <inheritdoc cref="Open"/>
    public static MappedFile FromHandle(SafeFileHandle handle, MappedFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        MemoryFile.CheckIsFile(FileStatus.Of(handle), "(descriptor)");
        return Map(handle, options ?? new(), null);
    }

    /// <summary>Removes the name. The file stays with those who have it open or mapped.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>, <c>EPERM</c>: no permission to remove names there.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: something else stands at the path, and it is left alone.</exception>
    public static void Unlink(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        MemoryFile.Unlink(path, path);
    }

    /// <inheritdoc/>
    public override MappedFile MapAgain() =>
        Owned(DuplicateHandle(), handle => Map(handle, new() { OffsetBytes = Offset, Access = Access }, null));

    private static MappedFile? TryOpen(string path, MappedFileOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return MemoryFile.TryOpen(path, path, options, namesMax: uint.MaxValue) is { } found
            ? Owned(found, handle => Map(handle, options, path))
            : null;
    }

    private static MappedFile Map(SafeFileHandle handle, MappedFileOptions options, string? path)
    {
        long length = MemoryFile.LengthToMap(handle, options.OffsetBytes, options.LengthBytes, path);
        FileMapping mapping = FileMapping.Map(handle, options.OffsetBytes, length, options.Access, path);
        return new MappedFile(handle, mapping, options.OffsetBytes, options.Access);
    }

    // fsync(2): what is in a file may be on the disk long before its name is.
    private static void SyncName(string path)
    {
        string name = Path.GetDirectoryName(path) is { Length: > 0 } given ? given : ".";
        using SafeFileHandle directory = LibC.open(name, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC);
        // A directory may be for writing only, and some file systems cannot sync one.
        if (!directory.IsInvalid && LibC.fsync(directory) < 0 && Errno.Last is not (Errno.EINVAL or Errno.EROFS))
        {
            throw PosixException.From(Errno.Last, "fsync", name);
        }
    }
}
