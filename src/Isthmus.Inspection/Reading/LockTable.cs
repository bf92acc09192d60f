using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>The kernel's table of locks (<c>/proc/locks</c>), a lock or a wait for one a line.</summary>
internal sealed class LockTable
{
    // The number of the machine's first pid namespace (PROC_PID_INIT_INO of the kernel).
    private const ulong FirstPidNamespace = 0xEFFFFFFC;

    // In any other one, the table leaves out the locks whose acquirer has no number there: because it lives outside, or because it has ended.
    private static readonly Lazy<bool> s_hasAll =
        new(() => FileStatus.TryBehind("/proc/self/ns/pid", out LibC.statx status) && status.stx_ino == FirstPidNamespace);

    private readonly List<LockLine> _lines = [];

    private LockTable()
    {
    }

    /// <summary>What stands there when nobody has asked.</summary>
    public static LockTable Empty { get; } = new() { IsKnown = true };

    /// <summary>False where it could not be read.</summary>
    public bool IsKnown { get; private init; }

    /// <summary>In their order: who waits stands below whom he waits for.</summary>
    public IReadOnlyList<LockLine> Lines => _lines;

    /// <summary>
    /// The inode numbers of all files on which anybody has a lock: descriptors of others need not be asked. Null where the table does not tell of all.
    /// </summary>
    public HashSet<ulong>? LockedInodes => IsKnown && s_hasAll.Value ? [.. _lines.Select(line => line.Inode)] : null;

    public static LockTable Read(DirectoryReader proc)
    {
        byte[] text = new byte[16 * 1024];
        int length = proc.ReadAll("locks\0"u8, ref text);
        LockTable table = new() { IsKnown = length >= 0 };
        TextCursor lines = new(text.AsSpan(0, Math.Max(length, 0)));
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (LockLine.TryParse(line, out LockLine found))
            {
                table._lines.Add(found);
            }
        }
        return table;
    }

    /// <summary>The files on which there are other locks than in an earlier table, or other acquirers.</summary>
    public HashSet<(ulong Device, ulong Inode)> FilesChangedSince(LockTable earlier)
    {
        HashSet<LockLine> changed = [.. Held()];
        changed.SymmetricExceptWith(earlier.Held());
        return [.. changed.Select(line => (line.Device, line.Inode))];
    }

    // The number is only the line's place.
    private IEnumerable<LockLine> Held() => _lines.Where(line => !line.IsWaiting).Select(line => line with { Number = 0 });
}
