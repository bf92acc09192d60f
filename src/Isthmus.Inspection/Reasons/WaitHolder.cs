namespace Isthmus.Inspection;

/// <summary>One who can end a wait.</summary>
/// <param name="Process">The process.</param>
/// <param name="ThreadId">The only thread of it that can, such as the owner of a mutex; null when any can.</param>
public sealed record WaitHolder(ProcessNode Process, int? ThreadId);
