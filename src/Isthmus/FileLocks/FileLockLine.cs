using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Isthmus;

/// <summary>
/// A lock as the kernel writes it in <c>/proc/locks</c> and <c>/proc/PID/fdinfo/N</c> (<c>proc_locks(5)</c>):
/// <c>1: OFDLCK ADVISORY  WRITE -1 fe:00:11658796 0 EOF</c>.
/// </summary>
internal sealed record FileLockLine(FileLockKind Kind, FileLockMode Mode, FileLockRange Range, int ProcessId, string Device, ulong Inode)
{
    private const string FdInfoPrefix = "lock:";

    /// <summary>False for other lines of fdinfo, for who only waits (<c>-></c>), and for leases.</summary>
    public static bool TryParseFdInfo(string line, [NotNullWhen(true)] out FileLockLine? found)
    {
        found = null;
        return line.StartsWith(FdInfoPrefix, StringComparison.Ordinal) && TryParse(line[FdInfoPrefix.Length..], out found);
    }

    public static bool TryParse(string line, [NotNullWhen(true)] out FileLockLine? found)
    {
        found = null;
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not [_, string kind, _, string mode, string process, string file, string start, string end]
            || KindOf(kind) is not { } flavour
            || file.LastIndexOf(':') is not (> 0 and int colon))
        {
            return false;
        }
        long first = Number(start);
        found = new FileLockLine(
            flavour,
            mode == "READ" ? FileLockMode.Shared : FileLockMode.Exclusive,
            new FileLockRange(first, end == "EOF" ? 0 : Number(end) - first + 1),
            (int)Number(process),
            file[..colon],
            ulong.Parse(file.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    private static FileLockKind? KindOf(string word) => word switch
    {
        "OFDLCK" => FileLockKind.Ofd,
        "POSIX" => FileLockKind.Posix,
        "FLOCK" => FileLockKind.Flock,
        _ => null,
    };

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
