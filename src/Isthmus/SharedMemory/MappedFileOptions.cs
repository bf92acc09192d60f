namespace Isthmus;

/// <summary>Which part of a file is mapped, and how.</summary>
public sealed record MappedFileOptions : MemoryOpenOptions
{
    /// <summary>Where the part begins, in bytes; it need not be at a page.</summary>
    public long OffsetBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>How long the part is, in bytes; null for all that follows. It must lie in the file: nothing grows by being mapped.</summary>
    public long? LengthBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value ?? 1, nameof(value));
            field = value;
        }
    }
}
