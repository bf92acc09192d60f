namespace Isthmus;

/// <summary>A message that was received from a <see cref="PosixMessageQueue"/>; its bytes stand at the beginning of the buffer.</summary>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Priority">Its priority, 0 to <see cref="PosixMessageQueue.PriorityMax"/>.</param>
public readonly record struct PosixMessage(int Length, int Priority);
