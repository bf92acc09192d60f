using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>One thread of a process at one moment, read from <c>/proc/PID/task/TID</c>.</summary>
public sealed record ThreadInfo
{
    private ThreadInfo()
    {
    }

    /// <summary>Its number; the main thread's is the process's.</summary>
    public required int Id { get; init; }

    /// <summary>Its name, at most 15 bytes.</summary>
    public required string Name { get; init; }

    /// <summary>What it was doing.</summary>
    public required ThreadRunState State { get; init; }

    /// <summary>CPU time in user mode, in steps of the clock tick (mostly 10 ms).</summary>
    public required TimeSpan UserTime { get; init; }

    /// <summary>CPU time in the kernel, in steps of the clock tick.</summary>
    public required TimeSpan SystemTime { get; init; }

    /// <summary>The CPU that it ran on last.</summary>
    public required int LastCpu { get; init; }

    /// <summary>How often it gave the CPU up itself, because it had to wait.</summary>
    public required long VoluntarySwitches { get; init; }

    /// <summary>How often the kernel took the CPU from it.</summary>
    public required long InvoluntarySwitches { get; init; }

    /// <summary>The threads of a process, by number; those that end while they are read are left out.</summary>
    /// <remarks>By a bare number: <c>ProcessHandle.ReadThreads</c> makes sure whose they are.</remarks>
    /// <exception cref="PosixException"><c>ESRCH</c> there is no such process.</exception>
    public static IReadOnlyList<ThreadInfo> Read(int processId)
    {
        List<ThreadInfo> threads = [];
        foreach (int id in TaskIds(processId))
        {
            if (Read(ProcFs.Of(processId), id) is { } thread)
            {
                threads.Add(thread);
            }
        }
        return threads;
    }

    /// <summary>The numbers of a process's threads, ascending.</summary>
    internal static IReadOnlyList<int> TaskIds(int processId)
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(ProcFs.Of(processId) + "/task")
                    .Select(path => int.Parse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture)).Order(),
            ];
        }
        catch (IOException error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            throw PosixException.From(Errno.ESRCH, "opendir", ProcFs.Of(processId));
        }
    }

    private static ThreadInfo? Read(string process, int id)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"{process}/task/{id}/");
        try
        {
            return ProcStat.TryRead(directory + "stat", out ProcStat stat)
                ? FromTexts(stat, File.ReadAllText(directory + "status"))
                : null;
        }
        catch (IOException)
        {
            return null; // It ended between the two.
        }
    }

    private static ThreadInfo FromTexts(ProcStat stat, string status) => new()
    {
        Id = stat.Id,
        Name = stat.Name,
        State = StateOf(stat.State),
        UserTime = stat.UserTime,
        SystemTime = stat.SystemTime,
        LastCpu = stat.LastCpu,
        VoluntarySwitches = Number(status, "\nvoluntary_ctxt_switches:"),
        InvoluntarySwitches = Number(status, "\nnonvoluntary_ctxt_switches:"),
    };

    private static long Number(string status, string field)
    {
        ReadOnlySpan<char> rest = status.AsSpan(status.IndexOf(field, StringComparison.Ordinal) + field.Length);
        int end = rest.IndexOf('\n');
        return long.Parse(end < 0 ? rest : rest[..end], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
    }

    internal static ThreadRunState StateOf(char letter) => letter switch
    {
        'R' => ThreadRunState.Running,
        'S' => ThreadRunState.Sleeping,
        'D' => ThreadRunState.UninterruptibleSleep,
        'T' => ThreadRunState.Stopped,
        't' => ThreadRunState.Traced,
        'Z' => ThreadRunState.Zombie,
        'X' => ThreadRunState.Dead,
        'I' => ThreadRunState.Idle,
        _ => ThreadRunState.Other,
    };
}
