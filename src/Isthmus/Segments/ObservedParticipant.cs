namespace Isthmus;

/// <summary>A participant as an observer sees it.</summary>
/// <param name="Who">What its record says.</param>
/// <param name="IsAlive">Whether its life lock is held.</param>
/// <param name="Waiters">How many of its calls wait, as it says.</param>
internal readonly record struct ObservedParticipant(Participant Who, bool IsAlive, int Waiters);
