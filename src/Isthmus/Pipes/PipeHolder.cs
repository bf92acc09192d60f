namespace Isthmus;

/// <summary>A descriptor by which a process holds a pipe or FIFO open.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Descriptor">The number of the descriptor there.</param>
/// <param name="Access">Whether it reads, writes, or both.</param>
public readonly record struct PipeHolder(int ProcessId, int Descriptor, FileAccess Access);
