using System.Diagnostics;

namespace Isthmus.Cli.Stress;

/// <summary>
/// Which kills and pauses come when: a seed makes them, in random order, at random distances. Now and then, and at the end, there is a calm in which
/// somebody who is stuck is found: each recovery wakes all, and could wake a sleeper that was forgotten.
/// </summary>
internal sealed class Disruptions
{
    private const int BetweenCalms = 100, FewestWithCalm = 20;

    private static readonly TimeSpan s_meanGap = TimeSpan.FromMilliseconds(10);

    // Longer than anybody may be stuck, by more than the last death takes.
    private static readonly TimeSpan s_calm = TimeSpan.FromSeconds(2);

    private readonly Random _random;
    private readonly Queue<bool> _kills;
    private readonly TimeSpan _meanGap;
    private readonly int _count;
    private long _due;

    public Disruptions(StressOptions options)
    {
        _random = new Random(options.Seed);
        bool[] kinds = [.. Enumerable.Repeat(true, options.Kills), .. Enumerable.Repeat(false, options.Pauses)];
        _random.Shuffle(kinds);
        _kills = new Queue<bool>(kinds);
        _count = kinds.Length;
        _meanGap = options.Duration is { } duration && kinds.Length > 0 ? duration / kinds.Length : s_meanGap;
        Postpone();
    }

    /// <summary>A seed for those who have none.</summary>
    public static int NewSeed() => Random.Shared.Next();

    public int Left => _kills.Count;

    /// <summary>Whether all were done, and the last calm is over.</summary>
    public bool AreOver => _kills.Count == 0 && Stopwatch.GetTimestamp() >= _due;

    /// <summary>Whether the next one is a kill, or a pause; null when it is not yet time.</summary>
    public bool? Next => _kills.Count > 0 && Stopwatch.GetTimestamp() >= _due ? _kills.Peek() : null;

    /// <summary>The next one was done.</summary>
    public void Done()
    {
        _kills.Dequeue();
        int done = _count - _kills.Count;
        if (_count >= FewestWithCalm && (done % BetweenCalms == 0 || done == _count))
        {
            _due = Stopwatch.GetTimestamp() + Ticks(s_calm);
        }
        else
        {
            Postpone();
        }
    }

    /// <summary>The next one has to wait: too few are at work.</summary>
    public void Postpone() => _due = Stopwatch.GetTimestamp() + (_count == 0 ? 0 : Ticks(_meanGap * 2 * _random.NextDouble()));

    public T Choose<T>(IReadOnlyList<T> candidates) => candidates[_random.Next(candidates.Count)];

    /// <summary>How long a pause is: mostly short, sometimes so long that others may take the paused one for dead.</summary>
    public TimeSpan PauseLength() => TimeSpan.FromMilliseconds(_random.Next(5) == 0 ? _random.Next(30, 300) : _random.Next(1, 30));

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
