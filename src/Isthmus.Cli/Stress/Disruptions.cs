using System.Diagnostics;

namespace Isthmus.Cli.Stress;

/// <summary>Which kills and pauses come when: a seed makes them, in random order, at random distances.</summary>
internal sealed class Disruptions
{
    private static readonly TimeSpan s_meanGap = TimeSpan.FromMilliseconds(10);

    private readonly Random _random;
    private readonly Queue<bool> _kills;
    private readonly TimeSpan _meanGap;
    private long _due;

    public Disruptions(StressOptions options)
    {
        _random = new Random(options.Seed);
        bool[] kinds = [.. Enumerable.Repeat(true, options.Kills), .. Enumerable.Repeat(false, options.Pauses)];
        _random.Shuffle(kinds);
        _kills = new Queue<bool>(kinds);
        _meanGap = options.Duration is { } duration && kinds.Length > 0 ? duration / kinds.Length : s_meanGap;
        Wait();
    }

    /// <summary>A seed for those who have none.</summary>
    public static int NewSeed() => Random.Shared.Next();

    public int Left => _kills.Count;

    /// <summary>Whether the next one is a kill, or a pause; null when it is not yet time.</summary>
    public bool? Next => _kills.Count > 0 && Stopwatch.GetTimestamp() >= _due ? _kills.Peek() : null;

    /// <summary>The next one was done.</summary>
    public void Done()
    {
        _kills.Dequeue();
        Wait();
    }

    public T Choose<T>(IReadOnlyList<T> candidates) => candidates[_random.Next(candidates.Count)];

    /// <summary>How long a pause is: mostly short, sometimes so long that others may take the paused one for dead.</summary>
    public TimeSpan PauseLength() => TimeSpan.FromMilliseconds(_random.Next(5) == 0 ? _random.Next(30, 300) : _random.Next(1, 30));

    private void Wait() => _due = Stopwatch.GetTimestamp() + (long)(_meanGap.TotalSeconds * 2 * _random.NextDouble() * Stopwatch.Frequency);
}
