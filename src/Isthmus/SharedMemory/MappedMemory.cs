using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// Memory that this process shares with others, mapped: its bytes, as spans or as <see cref="Memory{T}"/>, and what can be asked of its
/// pages. What differs between the kinds is how it is named, made and found.
/// </summary>
/// <remarks>
/// The object is thread-safe; the bytes are plain memory, which other threads and processes change at any time: order accesses with
/// <see cref="Volatile"/> or <see cref="Interlocked"/>. A span is valid until <see cref="Dispose()"/>, and using it later ends
/// the process; keep the object in a <c>using</c> that encloses the use of its spans.
/// </remarks>
public abstract partial class MappedMemory : IDisposable
{
    private MappedBytes? _bytes;

    private protected MappedMemory(MemoryMapping mapping, bool isReadOnly)
    {
        Mapping = mapping;
        IsReadOnly = isReadOnly;
    }

    /// <summary>The size in bytes of what is mapped here.</summary>
    public long Length => Mapping.Length;

    /// <summary>True for memory that was mapped for reading: only the read-only forms give access.</summary>
    public bool IsReadOnly { get; }

    /// <summary>All bytes, valid until <see cref="Dispose()"/>.</summary>
    /// <exception cref="InvalidOperationException">It is read-only, or longer than a span can be (use <see cref="AsSpan{T}"/>).</exception>
    public Span<byte> Span => AsSpan<byte>(0, LengthOfSpan());

    /// <summary>All bytes, valid until <see cref="Dispose()"/>. "Read-only" binds this process: another may still write.</summary>
    /// <exception cref="InvalidOperationException">It is longer than a span can be (use <see cref="AsReadOnlySpan{T}"/>).</exception>
    public ReadOnlySpan<byte> ReadOnlySpan => AsReadOnlySpan<byte>(0, LengthOfSpan());

    /// <summary>
    /// All bytes, for streams and other callers that want memory. It throws <see cref="ObjectDisposedException"/> after <see cref="Dispose()"/>;
    /// the spans that were taken from it are valid until then, and until the unpinning where it was pinned.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is read-only, or longer than 2 GiB (use <see cref="AsSpan{T}"/>).</exception>
    public Memory<byte> Memory
    {
        get
        {
            ThrowIfReadOnly();
            return Bytes().Memory;
        }
    }

    /// <summary>All bytes, for reading; as <see cref="Memory"/>.</summary>
    /// <exception cref="InvalidOperationException">It is longer than 2 GiB (use <see cref="AsReadOnlySpan{T}"/>).</exception>
    public ReadOnlyMemory<byte> ReadOnlyMemory => Bytes().Memory;

    /// <summary>The addresses, for those who keep them from being given back while a call uses them.</summary>
    internal MemoryMapping Mapping { get; }

    /// <summary>A part as values of a type, valid until <see cref="Dispose()"/>.</summary>
    /// <typeparam name="T">A type without padding whose values may be anything, such as a number.</typeparam>
    /// <param name="offsetBytes">Where it begins, aligned for the type.</param>
    /// <param name="count">How many values.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the memory, or is not aligned.</exception>
    /// <exception cref="InvalidOperationException">The memory is read-only.</exception>
    public unsafe Span<T> AsSpan<T>(long offsetBytes, int count)
        where T : unmanaged
    {
        ThrowIfReadOnly();
        return new Span<T>(Locate<T>(offsetBytes, count), count);
    }

    /// <summary>A part as values of a type, for reading, valid until <see cref="Dispose()"/>.</summary>
    /// <inheritdoc cref="AsSpan{T}"/>
    public unsafe ReadOnlySpan<T> AsReadOnlySpan<T>(long offsetBytes, int count)
        where T : unmanaged => new(Locate<T>(offsetBytes, count), count);

    /// <summary>Unmaps the memory. Its spans must not be used any more. The object itself, and its name, stay.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Where a value or a row of them stands, after checks.</summary>
    internal unsafe void* Locate<T>(long offsetBytes, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(Mapping.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offsetBytes, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (Length - offsetBytes) / sizeof(T));
        byte* start = (byte*)Mapping.Address + offsetBytes;
        ArgumentOutOfRangeException.ThrowIfNotEqual((nint)start % Alignment<T>(), 0, nameof(offsetBytes));
        return start;
    }

    /// <summary>What <see cref="Dispose()"/> does. There is no finalizer: what is forgotten, its handles give back.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Mapping.Dispose();
        }
    }

    private MappedBytes Bytes()
    {
        ObjectDisposedException.ThrowIf(Mapping.IsClosed, this);
        return _bytes ??= new MappedBytes(Mapping, LengthOfSpan());
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("The memory is read-only; use the read-only forms.");
        }
    }

    private int LengthOfSpan() => Length <= int.MaxValue
        ? (int)Length
        : throw new InvalidOperationException($"{Length} bytes are more than one span can hold; take a part.");

    private static nint Alignment<T>()
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
