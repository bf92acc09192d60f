using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>What a process of a run is started with.</summary>
internal sealed record WorkerOrder(long Id, string Directory, int Processes, int Seed, StressFault Fault)
{
    public string[] Format() =>
    [
        Id.ToString(CultureInfo.InvariantCulture), Directory, Processes.ToString(CultureInfo.InvariantCulture),
        Seed.ToString(CultureInfo.InvariantCulture), Fault.ToString(),
    ];

    public static WorkerOrder Parse(string[] words) => new(
        long.Parse(words[0], CultureInfo.InvariantCulture), words[1], int.Parse(words[2], CultureInfo.InvariantCulture),
        int.Parse(words[3], CultureInfo.InvariantCulture), Enum.Parse<StressFault>(words[4]));
}
