namespace Isthmus;

/// <summary>What the kernel knows of a POSIX message queue at one moment.</summary>
/// <param name="Messages">How many messages wait in it.</param>
/// <param name="MaxMessages">How many it holds.</param>
/// <param name="MaxMessageSize">The longest that a message may be, in bytes.</param>
/// <param name="Bytes">How many bytes wait in it; null when it was opened for sending only.</param>
/// <param name="NotifiedProcessId">
/// The process that waits for the notification, by the number that it has here; null for none, and when it was opened for sending only.
/// </param>
/// <param name="Mode">Who may receive (read) and send (write).</param>
/// <param name="UserId">Its owner.</param>
/// <param name="GroupId">Its group.</param>
public sealed record PosixMessageQueueStatus(
    int Messages, int MaxMessages, int MaxMessageSize, long? Bytes, int? NotifiedProcessId, UnixFileMode Mode, uint UserId, uint GroupId);
