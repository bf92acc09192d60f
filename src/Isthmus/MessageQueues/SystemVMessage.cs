namespace Isthmus;

/// <summary>A message that was received from a <see cref="SystemVMessageQueue"/>; its bytes stand at the beginning of the buffer.</summary>
/// <param name="Length">How many bytes of it stand there.</param>
/// <param name="Type">Its type, from 1.</param>
public readonly record struct SystemVMessage(int Length, long Type);
