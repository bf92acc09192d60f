namespace Isthmus.Cli.Bench;

/// <summary>What of the catalogue is run, and for how long. Empty lists mean all.</summary>
internal sealed record BenchOptions
{
    public IReadOnlyList<string> Suites { get; init; } = [];

    public IReadOnlyList<string> Mechanisms { get; init; } = [];

    /// <summary>Message sizes in bytes; suites whose rows have none take no notice.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>The measuring time of each suite; null: the suite's own.</summary>
    public TimeSpan? Duration { get; init; }

    public bool Quick { get; init; }

    /// <summary>What the peer does wrong: shows that the checks can fail.</summary>
    public PeerFault Fault { get; init; }

    /// <summary>How long a reference program may take for an answer, before it is taken to hang.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    public bool WantsSuite(string name) => Suites.Count == 0 || Suites.Contains(name, StringComparer.Ordinal);

    /// <summary>A family's name (<c>pipe</c>) stands for its variants and its reference in C, too.</summary>
    public bool WantsRow(string family, string row) =>
        Mechanisms.Count == 0 || Mechanisms.Contains(family, StringComparer.Ordinal) || Mechanisms.Contains(row, StringComparer.Ordinal);

    public bool WantsSize(int size) => Sizes.Count == 0 || Sizes.Contains(size);
}
