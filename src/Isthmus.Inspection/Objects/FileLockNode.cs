namespace Isthmus.Inspection;

/// <summary>
/// A lock or lease: all holders of the same flavour, mode and range on the same file. Edges say who holds it, and who waits for it.
/// </summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">The file's path; null when nobody who has it open can be seen.</param>
public sealed record FileLockNode(NodeId Id, string? Name) : ObjectNode(Id, Name)
{
    /// <summary>The file that it is on.</summary>
    public required NodeId File { get; init; }

    /// <summary>What kind of lock it is.</summary>
    public required FileLockFlavour Flavour { get; init; }

    /// <summary>Whether it lets others in.</summary>
    public required FileLockMode LockMode { get; init; }

    /// <summary>The bytes that it covers.</summary>
    public required FileLockRange Range { get; init; }

    internal static FileLockNode Of(LockLine line, NodeId file, string? name) => new(IdOf(line), name)
    {
        File = file,
        Flavour = line.Flavour,
        LockMode = line.Mode,
        Range = RangeOf(line),
    };

    internal static FileLockRange RangeOf(LockLine line) =>
        new(Math.Max(line.Start, 0), line.End == LockLine.ToTheEnd ? 0 : Math.Max(line.End - Math.Max(line.Start, 0) + 1, 0));

    internal static NodeId IdOf(LockLine line) => new(
        NodeKind.FileLock, line.Device, line.Inode,
        $"{line.Flavour.ToString().ToLowerInvariant()}:{(line.Mode == FileLockMode.Shared ? "read" : "write")}:{line.Start}-"
            + (line.End == LockLine.ToTheEnd ? "eof" : line.End));
}
