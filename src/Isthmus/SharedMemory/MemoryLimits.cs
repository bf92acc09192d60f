using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The limits on memory, for errors that tell them.</summary>
internal static class MemoryLimits
{
    /// <summary>RLIMIT_MEMLOCK in force, for people.</summary>
    public static string Locked() => Text(Soft(LibC.RLIMIT_MEMLOCK));

    /// <summary>
    /// Throws where the kernel would: beyond RLIMIT_FSIZE it not only fails but sends SIGXFSZ, which ends the process.
    /// </summary>
    /// <exception cref="PosixException"><c>EFBIG</c>.</exception>
    public static void CheckFileSize(long length, string? name)
    {
        ulong most = Soft(LibC.RLIMIT_FSIZE);
        if ((ulong)length > most)
        {
            throw PosixException.From(
                Errno.EFBIG, "posix_fallocate", name, $"This process may make files of {Text(most)} bytes (RLIMIT_FSIZE, ulimit -f)");
        }
    }

    private static unsafe ulong Soft(int resource)
    {
        LibC.rlimit limit;
        LibC.Check(LibC.prlimit(0, resource, null, &limit));
        return limit.rlim_cur;
    }

    private static string Text(ulong limit) =>
        limit == LibC.RLIM_INFINITY ? "any number of" : limit.ToString(CultureInfo.InvariantCulture);
}
