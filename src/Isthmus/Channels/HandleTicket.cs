namespace Isthmus;

/// <summary>
/// The number of a handle that travels over a <see cref="HandleLink"/>: 8 bytes for a message, which says by it which handle it means. It means something
/// to the process at the other end of that link, and is never used again.
/// </summary>
/// <param name="Number">From 1.</param>
public readonly record struct HandleTicket(long Number);
