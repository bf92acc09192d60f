namespace Isthmus.Stress;

/// <summary>What this process holds: compared before and after, it shows a leak.</summary>
internal readonly record struct Footprint(int Descriptors, int Zombies, int Threads, long ResidentBytes)
{
    public static Footprint Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new Footprint(Count("/proc/self/fd"), Zombie().Count(), Count("/proc/self/task"), Environment.WorkingSet);
    }

    public override string ToString() =>
        $"{Descriptors} descriptors, {Zombies} zombies, {Threads} threads, {ResidentBytes / 1024 / 1024} MiB resident";

    private static int Count(string directory) => Directory.EnumerateFileSystemEntries(directory).Count();

    private static IEnumerable<string> Zombie() =>
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
