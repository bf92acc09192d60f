namespace Isthmus.Inspection;

/// <summary>What a snapshot reads besides the list of processes.</summary>
[Flags]
public enum SnapshotParts
{
    /// <summary>The processes alone.</summary>
    None = 0,

    /// <summary>Open descriptors, and with them sockets and locks.</summary>
    Descriptors = 1,

    /// <summary>Shared memory and shared files that processes have mapped.</summary>
    Mappings = 2,

    /// <summary>Threads, and where each of them waits.</summary>
    Threads = 4,

    /// <summary>The whole graph, without threads.</summary>
    Graph = Descriptors | Mappings,

    /// <summary>Everything that can be seen by looking alone.</summary>
    All = Graph | Threads,

    /// <summary>
    /// How many bytes wait in each pipe and FIFO: to see it, a descriptor of it is duplicated for a moment, so that it has one user more.
    /// </summary>
    PipeFill = 8,
}
