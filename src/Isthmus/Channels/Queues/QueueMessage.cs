namespace Isthmus;

/// <summary>A message that was received and copied, or why there was none.</summary>
/// <param name="Outcome">Whether there was one.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Priority">Its priority: 0 is the lowest.</param>
/// <param name="IsRedelivered">Whether somebody had received it before, and did not acknowledge it.</param>
public readonly record struct QueueMessage(QueueReceiveOutcome Outcome, int Length = 0, int Priority = 0, bool IsRedelivered = false);
