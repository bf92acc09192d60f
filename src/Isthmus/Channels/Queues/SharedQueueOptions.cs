using System.Numerics;

namespace Isthmus;

/// <summary>
/// How a <see cref="SharedQueue"/> is made. Its memory is <see cref="MaxProducers"/> times <see cref="Priorities"/> times
/// <see cref="LaneCapacity"/>, and
/// is allocated at once.
/// </summary>
public record SharedQueueOptions : SharedObjectOptions
{
    internal const int ProducersMax = 256, ConsumersMax = 256, PrioritiesMax = 8, CapacityMin = 4096, CapacityMax = 256 * 1024 * 1024;

    /// <summary>How many producers there may be at once, from 1 to 256. Each has a lane of its own for each priority.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than 256.</exception>
    public int MaxProducers
    {
        get;
        init => field = InRange(value, 1, ProducersMax);
    } = 16;

    /// <summary>
    /// How many consumers there may be at once, from 1 to 256. With one, and neither <see cref="Acknowledge"/> nor
    /// <see cref="QueueWhenFull.DropOldest"/>,
    /// a message is received without an atomic instruction.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than 256.</exception>
    public int MaxConsumers
    {
        get;
        init => field = InRange(value, 1, ConsumersMax);
    } = 16;

    /// <summary>How many priorities, from 1 to 8: 0 is the lowest. Messages of a higher one are received first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than 8.</exception>
    public int Priorities
    {
        get;
        init => field = InRange(value, 1, PrioritiesMax);
    } = 1;

    /// <summary>
    /// How many bytes a producer's messages of one priority take at most: a power of two from 4 KiB to 256 MiB. A message takes its length,
    /// rounded up to 8,
    /// and 8 more, and at most half of this.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">No power of two, less than 4 KiB, or more than 256 MiB.</exception>
    public int LaneCapacity
    {
        get;
        init
        {
            if (!BitOperations.IsPow2(InRange(value, CapacityMin, CapacityMax)))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"It must be a power of two; {BitOperations.RoundUpToPowerOf2((uint)value)} is the next.");
            }
            field = value;
        }
    } = 64 * 1024;

    /// <summary>
    /// Whether a message is finished only when its consumer says so: one that a consumer gives back, or has when it dies, is received once
    /// more, flagged as
    /// redelivered. Without it, what a consumer has taken and not finished when it dies is lost, and counted.
    /// </summary>
    public bool Acknowledge { get; init; }

    /// <summary>What happens to a message for which there is no room.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of the known.</exception>
    public QueueWhenFull WhenFull
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    private static int InRange(int value, int least, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most);
        return value;
    }
}
