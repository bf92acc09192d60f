namespace Isthmus;

/// <summary>Bytes of a file, whether or not the file has them yet.</summary>
public readonly record struct FileLockRange
{
    /// <summary>Makes a range.</summary>
    /// <param name="start">The first byte, counted from 0.</param>
    /// <param name="length">How many bytes; 0 for all that follow, however long the file becomes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or the last byte is beyond 2^63-1.</exception>
    public FileLockRange(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        // The last byte is start + length - 1.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length - 1, long.MaxValue - start, nameof(length));
        Start = start;
        Length = length;
    }

    /// <summary>The whole file, and all that will be appended.</summary>
    public static FileLockRange All => default;

    /// <summary>The first byte.</summary>
    public long Start { get; }

    /// <summary>How many bytes; 0 for all that follow.</summary>
    public long Length { get; }
}
