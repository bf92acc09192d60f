namespace Isthmus.Inspection;

/// <summary>What a range of a process's addresses is for.</summary>
public enum MemoryKind
{
    /// <summary>Code of the program and its libraries.</summary>
    Text,

    /// <summary>Variables and constants of the program and its libraries.</summary>
    Data,

    /// <summary>What <c>malloc(3)</c> takes from the kernel by <c>brk(2)</c>. It takes more as <see cref="Anonymous"/> memory.</summary>
    Heap,

    /// <summary>The stack of the main thread.</summary>
    Stack,

    /// <summary>The stack of another thread.</summary>
    ThreadStack,

    /// <summary>Memory that is shared with other processes: POSIX, System V, memfd, anonymous.</summary>
    SharedMemory,

    /// <summary>A file that is mapped as data.</summary>
    MappedFile,

    /// <summary>Private memory without a name: heaps of runtimes, large allocations, generated code.</summary>
    Anonymous,

    /// <summary>What the kernel puts into every process (<c>vdso(7)</c>).</summary>
    Kernel,
}
