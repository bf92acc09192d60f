using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Memory without a name in any directory (<c>memfd_create(2)</c>), shared with every process that gets its
/// <see cref="FileBackedMemory.Handle"/>: a child at its start, another process over a Unix socket. Its size is fixed and sealed, unless
/// asked otherwise.
/// </summary>
/// <inheritdoc path="/remarks"/>
public sealed class AnonymousMemory : FileBackedMemory
{
    private const MemorySeals NoWriting = MemorySeals.Write | MemorySeals.FutureWrite;

    private AnonymousMemory(SafeFileHandle handle, MemoryMapping mapping, MemoryAccess access)
        : base(handle, mapping, offset: 0, access)
    {
    }

    /// <summary>What nobody may do any more.</summary>
    public MemorySeals Seals => (MemorySeals)LibC.Check(LibC.fcntl(Handle, LibC.F_GET_SEALS));

    /// <summary>Makes memory of zeros, sealed against <see cref="MemorySeals.Shrink"/> and <see cref="MemorySeals.Grow"/>.</summary>
    /// <param name="length">The size in bytes. The space is allocated now, so that a lack of memory is an error here and not a SIGBUS later.</param>
    /// <param name="name">What <c>/proc/PID/maps</c> shows after "memfd:"; at most 249 bytes, and need not be unique.</param>
    /// <exception cref="PosixException">
    /// <c>ENOSPC</c>, <c>ENOMEM</c>: not so much memory; <c>EINVAL</c>: the name is too long; <c>EMFILE</c>, <c>ENFILE</c>: no descriptor left.
    /// </exception>
    public static AnonymousMemory Create(long length, string name = "isthmus")
    {
        ArgumentNullException.ThrowIfNull(name);
        return Create(length, new AnonymousMemoryOptions { Name = name });
    }

    /// <summary>Makes memory of zeros.</summary>
    /// <param name="length">The size in bytes, all of which is allocated now; whole pages of <see cref="AnonymousMemoryOptions.HugePageSize"/>.</param>
    /// <param name="options">Its name, its seals, its pages.</param>
    /// <exception cref="ArgumentException">The length is not positive, or not whole huge pages.</exception>
    /// <exception cref="PosixException">
    /// <c>ENOSPC</c>, <c>ENOMEM</c>: not so much memory, or not so many huge pages reserved; <c>ENODEV</c>: no huge pages of this size; <c>EINVAL</c>:
    /// the name is too long; <c>EMFILE</c>, <c>ENFILE</c>: no descriptor left.
    /// </exception>
    public static AnonymousMemory Create(long length, AnonymousMemoryOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentNullException.ThrowIfNull(options);
        HugePages.CheckLength(length, options.HugePageSize ?? 1);
        AnonymousMemory made = Owned(Open(options), handle =>
        {
            Allocate(handle, length, options.HugePageSize);
            return Map(handle, MemoryAccess.ReadWrite);
        });
        // After the mapping: a seal against writing forbids new ones.
        return Owned(made, memory =>
        {
            memory.Seal(options.Seals);
            return memory;
        });
    }

    /// <summary>
    /// Takes over a descriptor that was inherited or received, after checks: it is memory of this kind, not empty, and has at
    /// least the seals of <paramref name="required"/>. It is mapped read-only when the descriptor or a seal says so.
    /// </summary>
    /// <param name="handle">The descriptor; when this throws it stays the caller's.</param>
    /// <param name="required">
    /// From a process that is not trusted demand at least <see cref="MemorySeals.Shrink"/>, as is the default: it could otherwise kill
    /// this process by truncation. And read each value once, then check it, then use it: the other can write at any time.
    /// </param>
    /// <exception cref="InvalidDataException">A check failed.</exception>
    public static AnonymousMemory FromHandle(SafeFileHandle handle, MemorySeals required = MemorySeals.Shrink)
    {
        ArgumentNullException.ThrowIfNull(handle);
        MemorySeals seals = RequireSeals(handle, required);
        // After the check of the seals: from then on nobody can shrink it.
        return Map(handle, (seals & NoWriting) != 0 ? MemoryAccess.Read : MemoryFile.AccessOf(handle));
    }

    /// <summary>Adds seals, for every process and for ever.</summary>
    /// <exception cref="PosixException"><c>EBUSY</c>: <see cref="MemorySeals.Write"/> while a writable mapping exists.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: sealed with <see cref="MemorySeals.Seal"/>, or the descriptor is read-only.</exception>
    public void Seal(MemorySeals seals)
    {
        if (LibC.fcntl(Handle, LibC.F_ADD_SEALS, (int)seals) < 0)
        {
            throw CannotSeal(Errno.Last);
        }
    }

    /// <inheritdoc/>
    public override AnonymousMemory MapAgain() => Owned(DuplicateHandle(), handle => FromHandle(handle, MemorySeals.None));

    /// <summary>The seals of a descriptor's memory; throws when it has not all that are required.</summary>
    internal static MemorySeals RequireSeals(SafeHandle handle, MemorySeals required)
    {
        int found = LibC.fcntl(handle, LibC.F_GET_SEALS);
        MemorySeals seals = found >= 0
            ? (MemorySeals)found
            : throw new InvalidDataException("The descriptor is no anonymous memory: it cannot have seals.");
        return (seals & required) == required
            ? seals
            : throw new InvalidDataException($"The memory must be sealed with {required}, and has {seals}.");
    }

    private static SafeFileHandle Open(AnonymousMemoryOptions options)
    {
        uint flags = LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING;
        flags |= options.HugePageSize is { } size ? LibC.MFD_HUGETLB | (uint)HugePages.Flags(size) : 0;
        uint execution = options.Executable ? LibC.Memfd.MFD_EXEC : LibC.Memfd.MFD_NOEXEC_SEAL;
        SafeFileHandle handle = LibC.memfd_create(options.Name, flags | execution);
        if (handle.IsInvalid && Errno.Last == Errno.EINVAL)
        {
            // A kernel before 6.3 knows neither, or the name is too long.
            handle.Dispose();
            handle = LibC.memfd_create(options.Name, flags);
        }
        if (handle.IsInvalid && Errno.Last == Errno.ENODEV)
        {
            handle.Dispose();
            throw PosixException.From(Errno.ENODEV, "memfd_create", options.Name, "This machine has no pages of that size; see /sys/kernel/mm/hugepages");
        }
        return LibC.Check(handle, options.Name, "memfd_create");
    }

    private static void Allocate(SafeFileHandle handle, long length, long? hugePageSize)
    {
        try
        {
            MemoryFile.Allocate(handle, 0, length);
        }
        catch (PosixException error) when (hugePageSize is { } size && error.Errno is Errno.ENOSPC or Errno.ENOMEM)
        {
            throw PosixException.From(error.Errno, error.Call, hint: HugePages.Hint(size));
        }
    }

    private static AnonymousMemory Map(SafeFileHandle handle, MemoryAccess access)
    {
        long length = MemoryFile.LengthToMap(handle, 0, null, null);
        return new AnonymousMemory(handle, FileMapping.Map(handle, 0, length, access), access);
    }

    private static Exception CannotSeal(Errno errno) => PosixException.From(errno, "fcntl(F_ADD_SEALS)", hint: errno switch
    {
        Errno.EBUSY => "A writable mapping exists, this object's own among them; FutureWrite allows that.",
        Errno.EPERM => "No seals may be added: it is sealed with Seal, or the descriptor is read-only.",
        _ => null,
    });
}
