using System.Globalization;
using System.Runtime.InteropServices;

namespace Isthmus.Native;

/// <summary>
/// Paths in /proc, whose numbers are those of the pid namespace that it was mounted in. Where that is not our own
/// (<c>unshare --pid</c> without <c>--mount-proc</c>), the same number names another process, so it is refused.
/// </summary>
internal static class ProcFs
{
    /// <summary>It is that of this process's pid namespace.</summary>
    public static bool IsOurs { get; } = ShowsOurNumbers();

    /// <summary>The directory of a process.</summary>
    /// <exception cref="PlatformNotSupportedException">
    /// /proc shows another pid namespace, or is not mounted.
    /// </exception>
    public static string Of(int pid) => IsOurs
        ? string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}")
        : throw PosixException.From(
            Errno.ENOSYS, "open", "/proc", "It is not that of this process's pid namespace: mount -t proc proc /proc");

    /// <summary>A name for an open file that leads to it and nowhere else, while the handle is open.</summary>
    public static string PathOf(SafeHandle file) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.DangerousGetHandle()}");

    /// <summary>The numbers of all processes that it shows now.</summary>
    public static IEnumerable<int> ProcessIds()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                yield return id;
            }
        }
    }

    private static bool ShowsOurNumbers()
    {
        try
        {
            return File.ResolveLinkTarget("/proc/self", returnFinalTarget: false)?.Name
                == LibC.getpid().ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
