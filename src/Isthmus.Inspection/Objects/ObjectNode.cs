namespace Isthmus.Inspection;

/// <summary>
/// One of the kernel's objects as a snapshot saw it. What does not apply to a kind, or could not be seen, is null. Kinds with facts of their
/// own are <see cref="SocketNode"/>, <see cref="FileLockNode"/>, <see cref="SegmentNode"/> and <see cref="SystemVNode"/>.
/// </summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">
/// The name by which programs find it: a path, the name of a queue, <c>@abstract</c>, <c>127.0.0.1:80</c>; of a signalfd, its signals.
/// Null for what has none.
/// </param>
public record ObjectNode(NodeId Id, string? Name)
{
    /// <summary>What it is.</summary>
    public NodeKind Kind => Id.Kind;

    /// <summary>The number of the user who owns it.</summary>
    public uint? UserId { get; init; }

    /// <summary>The number of the group that owns it.</summary>
    public uint? GroupId { get; init; }

    /// <summary>Who may do what with it.</summary>
    public UnixFileMode? Mode { get; init; }

    /// <summary>How large it is, in bytes; of a set of semaphores, how many there are.</summary>
    public long? Size { get; init; }

    /// <summary>
    /// How full it is: messages in a queue, connections that wait at a listener, bytes that wait to be read from a socket, the value of an
    /// eventfd or a semaphore.
    /// </summary>
    public long? Fill { get; init; }

    /// <summary>How full it can become, in the unit of <see cref="Fill"/>.</summary>
    public long? Capacity { get; init; }

    /// <summary>Its name is gone, or belongs to another one now; it exists as long as somebody holds it.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>
    /// It belongs to the own work of the .NET runtime (its diagnostics socket, its signal pipe) or of Isthmus (the locks by which its participants
    /// are known to be alive). Can be folded away.
    /// </summary>
    public bool IsRuntime { get; init; }
}
