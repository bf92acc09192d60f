using Isthmus.Native;

namespace Isthmus;

/// <summary>One limit of a process (<c>getrlimit(2)</c>).</summary>
/// <param name="Resource">What is limited, and its unit.</param>
/// <param name="Soft">The limit in force, which the process may raise up to the hard one; null for unlimited.</param>
/// <param name="Hard">The ceiling, which only a privileged process (<c>CAP_SYS_RESOURCE</c>) may raise; null for
/// unlimited.</param>
public sealed record ResourceLimit(LimitedResource Resource, long? Soft, long? Hard)
{
    /// <summary>The same value for both.</summary>
    public ResourceLimit(LimitedResource resource, long? limit)
        : this(resource, limit, limit)
    {
    }

    internal unsafe void ApplyTo(int pid)
    {
        LibC.rlimit limit = new() { rlim_cur = Native(Soft), rlim_max = Native(Hard) };
        if (LibC.prlimit(pid, (int)Resource, &limit, null) < 0)
        {
            throw PosixException.From(Errno.Last, "prlimit", Resource.ToString(), Hint(Errno.Last));
        }
    }

    private static ulong Native(long? limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit ?? 0, nameof(limit));
        return limit is null ? LibC.RLIM_INFINITY : (ulong)limit;
    }

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EPERM => "Only a process with CAP_SYS_RESOURCE may raise the hard limit: ask for less.",
        Errno.EINVAL => "The soft limit must not exceed the hard limit.",
        _ => null,
    };
}
