namespace Isthmus.Stress;

/// <summary>What this process holds: compared before and after, it shows a leak.</summary>
/// <param name="Descriptors">What each leads to.</param>
/// <param name="ZombieCount">How many children nobody has waited for.</param>
/// <param name="ThreadCount">How many threads.</param>
/// <param name="ResidentBytes">How much memory.</param>
internal sealed record Footprint(IReadOnlyList<string> Descriptors, int ZombieCount, int ThreadCount, long ResidentBytes)
{
    public int DescriptorCount => Descriptors.Count;

    public static Footprint Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new Footprint(
            [.. OpenDescriptors()], ZombieIds().Count(), Directory.EnumerateDirectories("/proc/self/task").Count(), Environment.WorkingSet);
    }

    /// <summary>What descriptors lead to that were not there before; twice what was there once.</summary>
    public string NewSince(Footprint before)
    {
        List<string> more = [.. Descriptors];
        foreach (string descriptor in before.Descriptors)
        {
            more.Remove(descriptor);
        }
        return string.Join(", ", more);
    }

    public override string ToString() =>
        $"{DescriptorCount} descriptors, {ZombieCount} zombies, {ThreadCount} threads, {ResidentBytes / 1024 / 1024} MiB resident";

    // Assemblies are loaded when first needed, and stay open.
    private static IEnumerable<string> OpenDescriptors() =>
        from path in Directory.EnumerateFileSystemEntries("/proc/self/fd")
        let target = TargetOrEmpty(path)
        where !target.EndsWith(".dll", StringComparison.Ordinal)
        select target;

    private static string TargetOrEmpty(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: false)?.FullName ?? "";
        }
        catch (IOException)
        {
            return ""; // The directory's own descriptor.
        }
    }

    private static IEnumerable<string> ZombieIds() =>
        from thread in Directory.EnumerateDirectories("/proc/self/task")
        from pid in ReadOrEmpty(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where ReadOrEmpty($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal)
        select pid;

    // Threads and children may end while they are looked at.
    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
