namespace Isthmus;

/// <summary>How <see cref="AnonymousMemory"/> is made.</summary>
public sealed record AnonymousMemoryOptions
{
    /// <summary>What <c>/proc/PID/maps</c> shows after "memfd:"; at most 249 bytes, and need not be unique.</summary>
    public string Name { get; init; } = "isthmus";

    /// <summary>
    /// What nobody may do from the beginning on. The default fixes the size; with <see cref="MemorySeals.Shrink"/> alone it can grow.
    /// </summary>
    public MemorySeals Seals { get; init; } = MemorySeals.Shrink | MemorySeals.Grow;

    /// <summary>
    /// Pages of this size in bytes, such as 2 MiB, from those that the administrator has reserved (<c>vm.nr_hugepages</c>). Null for
    /// ordinary pages.
    /// </summary>
    public long? HugePageSize
    {
        get;
        init => field = HugePages.CheckSize(value);
    }

    /// <summary>
    /// Allows it to hold a program. Without it nobody can make it executable (sealed with <see cref="MemorySeals.Exec"/>, since kernel 6.3).
    /// </summary>
    public bool Executable { get; init; }
}
