namespace Isthmus;

/// <summary>
/// A lock on a file, and a descriptor that holds it. A lock that several processes share (an inherited descriptor) has a
/// holder in each of them.
/// </summary>
/// <param name="Kind">The flavour.</param>
/// <param name="Mode">Shared or exclusive.</param>
/// <param name="Range">The bytes that it locks.</param>
/// <param name="ProcessId">The process; null when it cannot be seen: another user's, or of another pid namespace.</param>
/// <param name="Descriptor">The number of the descriptor there; null when it cannot be seen, or was not looked for.</param>
public sealed record FileLockHolder(FileLockKind Kind, FileLockMode Mode, FileLockRange Range, int? ProcessId, int? Descriptor);
