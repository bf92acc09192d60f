using System.Globalization;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The limits on memory, for errors that tell them.</summary>
internal static class MemoryLimits
{
    // Less is not worth the question.
    private const long CheckedMin = 16 << 20;

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

    /// <summary>
    /// Throws where the kernel would when it has given all that there is: to others on the same file system nothing would be left meanwhile, and where
    /// that has no limit of its own, the machine would run out of memory.
    /// </summary>
    /// <exception cref="PosixException"><c>ENOSPC</c>, <c>ENOMEM</c>.</exception>
    public static unsafe void CheckSpace(SafeHandle file, long length, string? name)
    {
        LibC.statfs status;
        if (length < CheckedMin || LibC.fstatfs(file, &status) != 0 || status.f_type != LibC.TMPFS_MAGIC)
        {
            return;
        }
        ulong free = status.f_bfree * (ulong)status.f_bsize;
        if (status.f_blocks != 0 && (ulong)length > free)
        {
            throw PosixException.From(
                Errno.ENOSPC, "posix_fallocate", name, string.Create(CultureInfo.InvariantCulture, $"Its file system has {free} bytes left; df tells"));
        }
        if (AvailableMemory() is { } available && (ulong)length > available)
        {
            throw PosixException.From(
                Errno.ENOMEM, "posix_fallocate", name, string.Create(CultureInfo.InvariantCulture, $"The machine has {available} bytes left, swap included"));
        }
    }

    // What the kernel could free without much ado, and what it could swap out; null where it does not tell.
    private static ulong? AvailableMemory()
    {
        ulong found = 0;
        bool isTold = false;
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["MemAvailable:" or "SwapFree:", string number, ..])
            {
                found += ulong.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture) * 1024;
                isTold |= words[0] == "MemAvailable:";
            }
        }
        return isTold ? found : null;
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
