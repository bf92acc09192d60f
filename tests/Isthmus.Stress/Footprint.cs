namespace Isthmus.Stress;

/// <summary>What this process holds: compared before and after, it shows a leak.</summary>
internal readonly record struct Footprint(int DescriptorCount, int ZombieCount, int ThreadCount, long ResidentBytes)
{
    public static Footprint Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new Footprint(
            Descriptors().Count(), ZombieIds().Count(), Directory.EnumerateDirectories("/proc/self/task").Count(), Environment.WorkingSet);
    }

    public override string ToString() =>
        $"{DescriptorCount} descriptors, {ZombieCount} zombies, {ThreadCount} threads, {ResidentBytes / 1024 / 1024} MiB resident";

    // Assemblies are loaded when first needed, and stay open.
    private static IEnumerable<string> Descriptors() =>
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
