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

    /// <summary>True if there can be only one such lock: exclusive, or a process's, whose locks of the same bytes are one.</summary>
    public bool IsSingle => Mode == FileLockMode.Exclusive || Kind == FileLockKind.Posix;

    /// <summary>The locks of <c>/proc/locks</c>. When some are acquired and released meanwhile, others may be told twice, or not.</summary>
    public static IEnumerable<FileLockLine> ReadTable()
    {
        foreach (string text in File.ReadLines("/proc/locks"))
        {
            if (TryParse(text, out FileLockLine? line))
            {
                yield return line;
            }
        }
    }

    /// <summary>False for other lines of fdinfo, for who only waits (<c>-></c>), and for leases.</summary>
    public static bool TryParseFdInfo(string line, [NotNullWhen(true)] out FileLockLine? found)
    {
        found = null;
        return line.StartsWith(FdInfoPrefix, StringComparison.Ordinal) && TryParse(line[FdInfoPrefix.Length..], out found);
    }

    private static bool TryParse(string line, [NotNullWhen(true)] out FileLockLine? found)
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
