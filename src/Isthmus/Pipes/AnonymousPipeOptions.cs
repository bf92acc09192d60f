namespace Isthmus;

/// <summary>How a pipe is made.</summary>
public sealed record AnonymousPipeOptions
{
    /// <summary>The capacity in bytes, which the kernel rounds up; null for its default, 65,536.</summary>
    public int? Capacity
    {
        get;
        init
        {
            if (value is { } bytes)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes, nameof(Capacity));
            }
            field = value;
        }
    }

    /// <summary>Each write of up to <see cref="PipeWriteEnd.AtomicWriteMax"/> bytes is a packet, and each read takes one (<c>O_DIRECT</c>).</summary>
    public bool PacketMode { get; init; }
}
