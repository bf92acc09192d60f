using System.Diagnostics;

namespace Isthmus.Inspection;

/// <summary>What a snapshot keeps, so that a later one need not read everything again.</summary>
/// <param name="Processes">What was found in each process's directory, by its number.</param>
/// <param name="Locks">The kernel's table of locks.</param>
/// <param name="WholeAt">When all of them were read, as <see cref="Stopwatch"/> counts.</param>
internal sealed record SweepMemory(IReadOnlyDictionary<int, ProcessFindings> Processes, LockTable Locks, long WholeAt)
{
    // So old may be what changes in a process that does not run, and that nothing tells about: see Snapshot.Refresh.
    private static readonly TimeSpan s_wholeAfter = TimeSpan.FromSeconds(30);

    /// <summary>It is time to read everything again.</summary>
    public bool IsOld => Stopwatch.GetElapsedTime(WholeAt) >= s_wholeAfter;
}
