using System.Text;

namespace Isthmus;

/// <summary>The name of a POSIX message queue, semaphore or shared memory object: a slash, then no further one. mq_overview(7)</summary>
internal static class PosixName
{
    /// <summary>Returns the name when it may be one.</summary>
    /// <param name="name">The name, with its slash.</param>
    /// <param name="longest">Bytes after the slash: 255 for queues and memory; semaphores lose the four of their <c>sem.</c>.</param>
    /// <exception cref="ArgumentException">It has no slash in front, has another one, is empty, or is <c>/.</c> or <c>/..</c>.</exception>
    /// <exception cref="PathTooLongException"><c>ENAMETOOLONG</c>: it is longer.</exception>
    public static string Check(string name, int longest = 255)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length < 2 || name[0] != '/' || name.AsSpan(1).IndexOfAny('/', '\0') >= 0 || name is "/." or "/..")
        {
            throw new ArgumentException($"'{name}' is no name of a POSIX object: that is a slash and then no further one, such as /jobs.", nameof(name));
        }
        if (Encoding.UTF8.GetByteCount(name) > longest + 1)
        {
            throw PosixException.From(Errno.ENAMETOOLONG, "open", name, $"At most {longest} bytes may follow the slash");
        }
        return name;
    }
}
