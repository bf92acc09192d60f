namespace Isthmus.Tests.Explorer;

/// <summary>A thread of a world, what never changes of it.</summary>
/// <param name="Slot">Of its participant.</param>
/// <param name="Name">For the trace.</param>
/// <param name="Routine">What it does at first, of the world's routines.</param>
/// <param name="IsRecoverer">Whether it has nothing to do until somebody dies.</param>
internal sealed record WorldThread(int Slot, string Name, int Routine, bool IsRecoverer);
