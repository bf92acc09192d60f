using System.Globalization;

namespace Isthmus.Tests.Harness;

/// <summary>
/// Compares what there is before the first and after the last test. Of this process: descriptors by kind, zombies. Of this machine, when the last of
/// the test programs that run side by side ends: names in /dev/shm, System V objects, POSIX message queues. What is left behind fails the run.
/// </summary>
internal sealed class LeakCheck : IDisposable
{
    private static readonly string[] s_sysVTables = ["msg", "sem", "shm"];

    // Below the 11 seconds after which xunit's runner ends the program, with its own exit code.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly SideBySide _beside = SideBySide.Enter(() => Count(OfThisMachine()));
    private readonly Dictionary<string, int> _before = Count(OfThisProcess());

    private LeakCheck()
    {
    }

    public static LeakCheck Start() => new();

    public bool Passes()
    {
        string[] leaks = [.. Wait(_before, OfThisProcess), .. _beside.Leave() is { } before ? Wait(before, OfThisMachine) : []];
        foreach (string leak in leaks)
        {
            Console.Error.WriteLine("LEAK " + leak);
        }
        return leaks.Length == 0;
    }

    public void Dispose() => _beside.Dispose();

    // What a child has that was just killed is gone a moment later.
    private static string[] Wait(Dictionary<string, int> before, Func<IEnumerable<string>> after)
    {
        string[] leaks = [];
        SpinWait.SpinUntil(
            () =>
            {
                Collect();
                leaks = [.. Leaks(before, Count(after()))];
                return leaks.Length == 0;
            },
            s_patience);
        return leaks;
    }

    // Twice: finalizers of the first round may release what the second collects.
    private static void Collect()
    {
        for (int round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static IEnumerable<string> Leaks(Dictionary<string, int> before, Dictionary<string, int> after) =>
        from found in after
        let old = before.GetValueOrDefault(found.Key)
        where found.Value > old + Tolerance(found.Key)
        select string.Create(CultureInfo.InvariantCulture, $"{found.Key}: {old} before, {found.Value} after the tests");

    // The runtime opens some of its own while it runs: the epoll set and wake-up pipe of its sockets, our event loop's epoll
    // set, the signal pipe; and on a busy machine its own threads may open theirs after the first count.
    private static int Tolerance(string what) => what switch
    {
        "fd anon_inode:[eventpoll]" => 2,
        "fd anon_inode:[pidfd]" => 1, // The guardian's, which lives as long as this process.
        "fd pipe" => 8,
        "fd socket" => 1,
        _ when what.StartsWith("fd /", StringComparison.Ordinal) => int.MaxValue - 1000,
        _ => 0,
    };

    private static Dictionary<string, int> Count(IEnumerable<string> found) => found.CountBy(what => what).ToDictionary();

    private static IEnumerable<string> OfThisProcess() => Descriptors().Concat(Zombies());

    private static IEnumerable<string> OfThisMachine() => SharedMemoryNames().Concat(SystemVObjects()).Concat(PosixQueues());

    private static IEnumerable<string> Descriptors()
    {
        // Console and the test runner duplicate the standard streams as they like.
        string?[] standard = [.. Enumerable.Range(0, 3).Select(number => new FileInfo($"/proc/self/fd/{number}").LinkTarget)];
        foreach (string link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            string? target;
            try
            {
                if (standard.Contains(new FileInfo(link).LinkTarget))
                {
                    continue;
                }
                target = File.ResolveLinkTarget(link, false)?.ToString();
            }
            catch (IOException)
            {
                continue; // Closed meanwhile: the directory's own descriptor.
            }
            yield return target switch
            {
                null => "fd unknown",
                _ when target.Contains("/pipe:", StringComparison.Ordinal) => "fd pipe",
                _ when target.Contains("/socket:", StringComparison.Ordinal) => "fd socket",
                _ when target.Contains("anon_inode:", StringComparison.Ordinal) =>
                    "fd " + target[target.IndexOf("anon_inode:", StringComparison.Ordinal)..],
                _ when target.Contains("/memfd:", StringComparison.Ordinal) => "fd memfd",
                _ => "fd " + target,
            };
        }
    }

    private static IEnumerable<string> Zombies() =>
        from thread in Directory.EnumerateDirectories("/proc/self/task")
        from pid in ReadOrEmpty(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let stat = ReadOrEmpty($"/proc/{pid}/stat")
        where stat[(stat.LastIndexOf(')') + 1)..].StartsWith(" Z", StringComparison.Ordinal)
        select "zombie " + stat;

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

    private static IEnumerable<string> SharedMemoryNames() =>
        from path in Directory.EnumerateFileSystemEntries("/dev/shm")
        where Path.GetFileName(path).Contains("isthmus", StringComparison.OrdinalIgnoreCase)
        from name in IsOfUser(path) ? NamesIn(path) : [path]
        select "name " + name;

    // A user's directory stays for ever.
    private static bool IsOfUser(string path) =>
        Directory.Exists(path) && Path.GetFileName(path).Split('-') is ["isthmus", string user] && uint.TryParse(user, CultureInfo.InvariantCulture, out _);

    // The doorbells aside: those of the living are theirs, those of the killed go when somebody makes one.
    private static IEnumerable<string> NamesIn(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Where(static path => !Path.GetFileName(path).StartsWith(".bell-", StringComparison.Ordinal));

    private static IEnumerable<string> SystemVObjects() =>
        from table in s_sysVTables
        where File.Exists("/proc/sysvipc/" + table)
        from line in File.ReadLines("/proc/sysvipc/" + table).Skip(1)
        select $"System V {table} {line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]}";

    // Their names stand in a file system that is seldom mounted: so it is, where nobody sees it. Empty where we may not.
    private static IEnumerable<string> PosixQueues()
    {
        if (!Environment.IsPrivilegedProcess || Peer.Find("unshare") is null)
        {
            return [];
        }
        (string output, int exitCode) = Peer.Run("unshare", ["--mount", "sh", "-c", "mount -t mqueue mqueue /mnt && ls /mnt"]);
        return from name in exitCode == 0 ? output.Split('\n') : []
               where name.StartsWith(QueueName.Prefix, StringComparison.Ordinal)
               select "POSIX message queue /" + name;
    }
}
