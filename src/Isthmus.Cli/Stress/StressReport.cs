namespace Isthmus.Cli.Stress;

/// <summary>What a run came to.</summary>
internal sealed record StressReport
{
    public required string Family { get; init; }

    public required StressOptions Options { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>What all processes have done together.</summary>
    public required long Turns { get; init; }

    public required int Kills { get; init; }

    public required int Pauses { get; init; }

    /// <summary>Of each process that held something when it was killed: how long after its death could be seen another had it.</summary>
    public required RecoveryTimes Recoveries { get; init; }

    /// <summary>The longest time that a process got nowhere without a reason.</summary>
    public required TimeSpan LongestWait { get; init; }

    public required IReadOnlyList<(string Name, long Value)> Figures { get; init; }

    public required IReadOnlyList<string> Violations { get; init; }
}
