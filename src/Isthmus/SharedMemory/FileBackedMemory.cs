using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Shared memory that is a file of some kind, and so has a descriptor and a size that can change.</summary>
public abstract class FileBackedMemory : MappedMemory
{
    private protected FileBackedMemory(SafeFileHandle handle, MemoryMapping mapping, long offset, MemoryAccess access)
        : base(mapping, isReadOnly: access == MemoryAccess.Read)
    {
        Handle = handle;
        Offset = offset;
        Access = access;
    }

    /// <summary>The descriptor, to pass on. It is closed with this object; the memory lives as long as any process holds or maps it.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>How it is mapped.</summary>
    public MemoryAccess Access { get; }

    /// <summary>
    /// The size of the object now, in bytes. Once somebody has made it larger than what is mapped here, <see cref="MapAgain"/> shows the rest.
    /// </summary>
    public long FileLength => (long)FileStatus.Of(Handle).stx_size;

    private protected long Offset { get; }

    /// <summary>
    /// Sets the size of the object, of which this mapping shows as much as before: <see cref="MapAgain"/> shows all, and others open it again.
    /// Growing allocates the space; one process at a time may grow it. When that fails it has at least its old size.
    /// </summary>
    /// <param name="length">
    /// The new size in bytes: at least the end of what is mapped here. What others have mapped beyond it, kills them with SIGBUS when they touch it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">It would cut off a part that is mapped here.</exception>
    /// <exception cref="InvalidOperationException">It was not opened for writing.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: it is sealed.</exception>
    /// <exception cref="PosixException"><c>ENOSPC</c>: no space; <c>EFBIG</c>: larger than the file system or RLIMIT_FSIZE allows.</exception>
    public void Resize(long length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Offset + Length);
        if (Access != MemoryAccess.ReadWrite)
        {
            throw new InvalidOperationException("It was not opened for writing.");
        }
        if (FileLength is long now && length > now)
        {
            MemoryFile.Allocate(Handle, now, length);
        }
        else if (LibC.ftruncate(Handle, length) < 0)
        {
            throw PosixException.From(Errno.Last, "ftruncate", hint: MemoryFile.Hint(Errno.Last));
        }
    }

    /// <summary>
    /// Maps the object once more, from the same offset to its present end. This object and its spans stay valid until it is disposed.
    /// </summary>
    public abstract FileBackedMemory MapAgain();

    /// <summary>Makes the file, its size and its content, and then its name.</summary>
    private protected static T CreateFile<T>(
        string path, string name, long length, MemoryCreateOptions? options, Func<SafeFileHandle, MemoryMapping, T> wrap,
        Action<T>? beforeItsName = null)
        where T : FileBackedMemory
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        using NewFile file = NewFile.In(Path.GetDirectoryName(path) is { Length: > 0 } directory ? directory : ".", name);
        T? memory = null;
        try
        {
            MemoryFile.Allocate(file.Handle, 0, length, name);
            memory = wrap(file.Handle, FileMapping.Map(file.Handle, 0, length, MemoryAccess.ReadWrite, name));
            options?.Initialize?.Invoke(memory);
            beforeItsName?.Invoke(memory);
            file.Publish(path, name, (options ?? new()).Mode);
            return memory;
        }
        catch
        {
            memory?.Dispose();
            file.Handle.Dispose();
            throw;
        }
    }

    /// <summary>Somebody else may make or remove it between the two; then the other one is tried again.</summary>
    private protected static T OpenOrCreateFile<T>(string name, long length, Func<T?> tryOpen, Func<T> create)
        where T : FileBackedMemory
    {
        while (true)
        {
            if (tryOpen() is { } memory)
            {
                return memory.FileLength == length ? memory : throw OfAnotherLength(memory, name, length);
            }
            try
            {
                return create();
            }
            catch (PosixException error) when (error.Errno == Errno.EEXIST)
            {
                // Made meanwhile.
            }
        }
    }

    /// <summary>Runs what goes on with a resource; disposes it when that fails.</summary>
    private protected static T Owned<TResource, T>(TResource resource, Func<TResource, T> next)
        where TResource : IDisposable
    {
        try
        {
            return next(resource);
        }
        catch
        {
            resource.Dispose();
            throw;
        }
    }

    private protected SafeFileHandle DuplicateHandle() => new(LibC.Check(LibC.fcntl(Handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            Handle.Dispose();
        }
    }

    private static InvalidDataException OfAnotherLength(FileBackedMemory memory, string name, long length)
    {
        long found = memory.FileLength;
        memory.Dispose();
        return new InvalidDataException($"The memory '{name}' exists with {found} bytes, not {length}.");
    }
}
