namespace Isthmus.Tests.Explorer;

/// <summary>A bug in one of the queue's operations.</summary>
/// <param name="Operation">Its type.</param>
/// <param name="Fault">What becomes of its effects.</param>
internal sealed record QueueFault(Type Operation, SeamFault Fault);
