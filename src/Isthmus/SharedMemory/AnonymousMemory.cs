using System.Runtime.CompilerServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Memory without a name in any directory (<c>memfd_create(2)</c>), mapped into this process and shared with every process that
/// gets <see cref="Handle"/>: a child at its start, another process over a Unix socket. Its size is fixed and sealed.
/// </summary>
/// <remarks>
/// The object is thread-safe; the bytes are plain memory, which other threads and processes change at any time: order accesses with
/// <see cref="Volatile"/> or <see cref="Interlocked"/>. A span is valid until <see cref="Dispose"/>, and using it later ends
/// the process; keep the object in a <c>using</c> that encloses the use of its spans.
/// </remarks>
public sealed class AnonymousMemory : IDisposable
{
    private const long AllocationStep = 1 << 20;

    private readonly MemoryMapping _mapping;

    private AnonymousMemory(SafeFileHandle handle, long length, MemoryMapping mapping, bool isReadOnly)
    {
        Handle = handle;
        Length = length;
        IsReadOnly = isReadOnly;
        _mapping = mapping;
    }

    /// <summary>The descriptor, to pass on. It is closed with this object; the memory lives as long as any process holds or maps it.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The size in bytes.</summary>
    public long Length { get; }

    /// <summary>True for memory that was received read-only, or sealed against writing: only <see cref="ReadOnlySpan"/> gives access.</summary>
    public bool IsReadOnly { get; }

    /// <summary>What nobody may do any more.</summary>
    public MemorySeals Seals => (MemorySeals)LibC.Check(LibC.fcntl(Handle, LibC.F_GET_SEALS));

    /// <summary>All bytes, valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidOperationException">It is read-only, or longer than a span can be (use <see cref="AsSpan{T}"/>).</exception>
    public Span<byte> Span => AsSpan<byte>(0, LengthOfSpan());

    /// <summary>All bytes, valid until <see cref="Dispose"/>. "Read-only" binds this process: another may still write.</summary>
    /// <exception cref="InvalidOperationException">It is longer than a span can be (use <see cref="AsReadOnlySpan{T}"/>).</exception>
    public ReadOnlySpan<byte> ReadOnlySpan => AsReadOnlySpan<byte>(0, LengthOfSpan());

    /// <summary>Makes memory of zeros, sealed against <see cref="MemorySeals.Shrink"/> and <see cref="MemorySeals.Grow"/>.</summary>
    /// <param name="length">The size in bytes. The space is allocated now, so that a lack of memory is an error here and not a SIGBUS later.</param>
    /// <param name="name">What <c>/proc/PID/maps</c> shows after "memfd:"; at most 249 bytes, and need not be unique.</param>
    /// <exception cref="PosixException">
    /// <c>ENOSPC</c>, <c>ENOMEM</c>: not so much memory; <c>EINVAL</c>: the name is too long; <c>EMFILE</c>, <c>ENFILE</c>: no descriptor left.
    /// </exception>
    public static AnonymousMemory Create(long length, string name = "isthmus")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentNullException.ThrowIfNull(name);
        SafeFileHandle handle = LibC.Check(LibC.memfd_create(name, LibC.MFD_CLOEXEC | LibC.MFD_ALLOW_SEALING), name);
        try
        {
            Allocate(handle, length);
            LibC.Check(LibC.fcntl(handle, LibC.F_ADD_SEALS, LibC.F_SEAL_SHRINK | LibC.F_SEAL_GROW));
            return Map(handle, length, isReadOnly: false);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
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
        int found = LibC.fcntl(handle, LibC.F_GET_SEALS);
        MemorySeals seals = found >= 0
            ? (MemorySeals)found
            : throw new InvalidDataException("The descriptor is no anonymous memory: it cannot have seals.");
        if ((seals & required) != required)
        {
            throw new InvalidDataException($"The memory must be sealed with {required}, and has {seals}.");
        }
        // After the check of the seals: from then on nobody can shrink it.
        long length = LengthOf(handle);
        bool isReadOnly = (seals & (MemorySeals.Write | MemorySeals.FutureWrite)) != 0
            || (LibC.Check(LibC.fcntl(handle, LibC.F_GETFL)) & LibC.O_ACCMODE) == LibC.O_RDONLY;
        return Map(handle, length, isReadOnly);
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

    /// <summary>A part as values of a type, valid until <see cref="Dispose"/>.</summary>
    /// <typeparam name="T">A type without padding whose values may be anything, such as a number.</typeparam>
    /// <param name="offsetBytes">Where it begins, aligned for the type.</param>
    /// <param name="count">How many values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the memory, or is not aligned.</exception>
    /// <exception cref="InvalidOperationException">The memory is read-only.</exception>
    public unsafe Span<T> AsSpan<T>(long offsetBytes, int count)
        where T : unmanaged
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("The memory is read-only; use ReadOnlySpan or AsReadOnlySpan.");
        }
        return new Span<T>(Locate<T>(offsetBytes, count), count);
    }

    /// <summary>A part as values of a type, for reading, valid until <see cref="Dispose"/>.</summary>
    /// <inheritdoc cref="AsSpan{T}"/>
    public unsafe ReadOnlySpan<T> AsReadOnlySpan<T>(long offsetBytes, int count)
        where T : unmanaged => new(Locate<T>(offsetBytes, count), count);

    /// <summary>Unmaps the memory and closes the descriptor. Its spans must not be used any more.</summary>
    public void Dispose()
    {
        _mapping.Dispose();
        Handle.Dispose();
    }

    private static AnonymousMemory Map(SafeFileHandle handle, long length, bool isReadOnly)
    {
        int protection = isReadOnly ? LibC.PROT_READ : LibC.PROT_READ | LibC.PROT_WRITE;
        return new AnonymousMemory(handle, length, MemoryMapping.Map(handle, length, protection), isReadOnly);
    }

    // In steps: one call for all of a large memory would start from the beginning after each signal.
    private static void Allocate(SafeFileHandle handle, long length)
    {
        for (long done = 0; done < length;)
        {
            long step = Math.Min(AllocationStep, length - done);
            int error = LibC.posix_fallocate(handle, done, step);
            if (error == (int)Errno.EINTR)
            {
                continue;
            }
            LibC.CheckReturned(error, call: "posix_fallocate");
            done += step;
        }
    }

    private static long LengthOf(SafeFileHandle handle)
    {
        long length = (long)FileStatus.Of(handle).stx_size;
        return length > 0 ? length : throw new InvalidDataException("The memory is empty.");
    }

    private static Exception CannotSeal(Errno errno) => PosixException.From(errno, "fcntl(F_ADD_SEALS)", hint: errno switch
    {
        Errno.EBUSY => "A writable mapping exists, this object's own among them; FutureWrite allows that.",
        Errno.EPERM => "No seals may be added: it is sealed with Seal, or the descriptor is read-only.",
        _ => null,
    });

    private int LengthOfSpan() => Length <= int.MaxValue
        ? (int)Length
        : throw new InvalidOperationException($"{Length} bytes are more than one span can hold; take a part.");

    private unsafe void* Locate<T>(long offsetBytes, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Length - offsetBytes) / sizeof(T));
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsetBytes % Alignment<T>(), 0, nameof(offsetBytes));
        return (byte*)_mapping.Address + offsetBytes;
    }

    private static long Alignment<T>()
        where T : unmanaged => Unsafe.SizeOf<AlignmentProbe<T>>() - Unsafe.SizeOf<T>();

    /// <summary>What its size has beyond that of its value is the value's alignment.</summary>
    private struct AlignmentProbe<T>
        where T : unmanaged
    {
#pragma warning disable CS0169, CA1823, IDE0051 // Only the layout matters.
        private byte _first;
        private T _second;
#pragma warning restore CS0169, CA1823, IDE0051
    }
}
