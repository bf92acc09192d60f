namespace Isthmus;

/// <summary>The file of a socket that is bound to a path, as <see cref="UnixAddress.Stat"/> found it.</summary>
/// <param name="Mode">Who may connect: those with write permission.</param>
/// <param name="UserId">The owner: who bound it.</param>
/// <param name="GroupId">The file's group.</param>
public readonly record struct UnixSocketFile(UnixFileMode Mode, uint UserId, uint GroupId);
