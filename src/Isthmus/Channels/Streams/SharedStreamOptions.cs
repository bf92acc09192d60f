using System.Numerics;

namespace Isthmus;

/// <summary>How a <see cref="SharedStream"/> is made. It has two ends, so <see cref="SharedObjectOptions.MaxParticipants"/> says nothing here.</summary>
public record SharedStreamOptions : SharedObjectOptions
{
    /// <summary>
    /// How many bytes each direction holds that are written and not read yet: a power of two, from <see cref="SharedStream.CapacityMin"/> to
    /// <see cref="SharedStream.CapacityMax"/>. The stream takes twice that and 64 KiB of memory, at once. When a stream is opened that exists, it must be
    /// that of the stream.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of these; the message says which would do.</exception>
    public int CapacityBytes
    {
        get;
        init => field = value is >= SharedStream.CapacityMin and <= SharedStream.CapacityMax && BitOperations.IsPow2(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"It must be a power of two from {SharedStream.CapacityMin} to "
                + $"{SharedStream.CapacityMax}; {Fitting(value)} would do.");
    } = 64 * 1024;

    private static uint Fitting(int value) => BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(value, SharedStream.CapacityMin, SharedStream.CapacityMax));
}
