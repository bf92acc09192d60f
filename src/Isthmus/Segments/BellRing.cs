using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// What is written into a doorbell: which word of which segment has changed. Written and read whole, being smaller than <c>PIPE_BUF</c>.
/// </summary>
/// <param name="Segment">The segment's id.</param>
/// <param name="Word">The index of the word, or <see cref="RosterChanged"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BellRing(ulong Segment, long Word)
{
    /// <summary>No word: somebody has come, whose death must be noticed.</summary>
    public const long RosterChanged = -1;
}
