namespace Isthmus;

/// <summary>
/// The three flavours of advisory file locks. <see cref="Ofd"/> and <see cref="Posix"/> locks exclude each other;
/// <see cref="Flock"/> locks know nothing of either (on local file systems).
/// </summary>
public enum FileLockKind
{
    /// <summary>
    /// Open file description lock (<c>F_OFD_SETLK</c>, <c>fcntl(2)</c>): belongs to the open file, so to all who share its
    /// descriptor, and ends when the last of them closes it.
    /// </summary>
    Ofd,

    /// <summary>
    /// POSIX record lock (<c>F_SETLK</c>, <c>fcntl(2)</c>, <c>lockf(3)</c>): belongs to the process, and ends as soon as the
    /// process closes <em>any</em> descriptor of the file, whoever opened it. For programs that speak nothing else.
    /// </summary>
    Posix,

    /// <summary>
    /// BSD lock (<c>flock(2)</c>, <c>flock(1)</c>): belongs to the open file, as <see cref="Ofd"/> does; only for whole
    /// files.
    /// </summary>
    Flock,
}
