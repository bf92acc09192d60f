namespace Isthmus.Cli.Bench;

/// <summary>
/// Which CPUs the two sides run on. The scheduler's own choice differs from run to run and between two CPUs and one there is a
/// factor of three or more: without a placement no two rows can be compared.
/// </summary>
internal static class Placement
{
    /// <summary>Wherever the scheduler likes.</summary>
    public const int Anywhere = -1;

    /// <summary>The CPUs that this process may use.</summary>
    public static IReadOnlyList<int> Allowed { get; } = [.. CurrentThread.Affinity];

    public static bool HasTwo => Allowed.Count > 1;

    /// <summary>The tool's side.</summary>
    public static int First => Allowed[0];

    /// <summary>The peer's side: another CPU, and not the next one, which may be the other half of the same core.</summary>
    public static int Second => Allowed[Allowed.Count > 2 ? Allowed.Count / 2 : Allowed.Count - 1];

    /// <summary>Moves the calling thread, and nothing else, to a CPU or back to all.</summary>
    public static void Pin(int cpu) => CurrentThread.Affinity = new CpuSet(cpu == Anywhere ? Allowed : [cpu]);
}
