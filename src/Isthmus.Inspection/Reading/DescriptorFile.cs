using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// What <c>/proc/PID/fdinfo/N</c> tells (<c>proc_pid_fdinfo(5)</c>): a few lines for every descriptor, more for those that are no file.
/// </summary>
internal readonly ref struct DescriptorFile(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The flags of <c>open(2)</c>.</summary>
    public int Flags => TextCursor.Octal(Field("flags:\t"u8));

    public int MountId => (int)TextCursor.Number(Field("mnt_id:\t"u8));

    /// <summary>Null before Linux 5.14.</summary>
    public ulong? Inode => Field("ino:\t"u8) is { IsEmpty: false } word ? TextCursor.Unsigned(word) : null;

    /// <summary>Of an eventfd: what a read would give.</summary>
    public long? EventCount => Field("eventfd-count:"u8) is { IsEmpty: false } word ? (long)TextCursor.Hex(word) : null;

    /// <summary>Of an eventfd: what tells it from all others; null before Linux 5.2.</summary>
    public ulong? EventId => Field("eventfd-id:"u8) is { IsEmpty: false } word ? TextCursor.Unsigned(word) : null;

    /// <summary>Of a signalfd.</summary>
    public ulong? SignalMask => Field("sigmask:\t"u8) is { IsEmpty: false } word ? TextCursor.Hex(word) : null;

    /// <summary>Of a pidfd; -1 when the process has been reaped.</summary>
    public int? ProcessId => Field("\nPid:\t"u8) is { IsEmpty: false } word ? (int)TextCursor.Number(word) : null;

    /// <summary>Of the master of a pseudoterminal: the number N of its <c>/dev/pts/N</c>.</summary>
    public int? TerminalIndex => Field("tty-index:\t"u8) is { IsEmpty: false } word ? (int)TextCursor.Number(word) : null;

    /// <summary>Of a timerfd: the clock's number.</summary>
    public int? ClockId => Field("clockid: "u8) is { IsEmpty: false } word ? (int)TextCursor.Number(word) : null;

    /// <summary>Of a timerfd: expirations that nobody has read yet.</summary>
    public long? Ticks => Field("\nticks: "u8) is { IsEmpty: false } word ? TextCursor.Number(word) : null;

    /// <summary>Of an epoll set: what it watches.</summary>
    public EpollTarget[] EpollTargets()
    {
        List<EpollTarget> targets = [];
        TextCursor lines = new(_text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("tfd:"u8))
            {
                TextCursor words = new(line[4..]);
                uint events = (uint)After(line, "events:"u8);
                FileAccess access = ((events & LibC.EPOLLIN) != 0 ? FileAccess.Read : 0) | ((events & LibC.EPOLLOUT) != 0 ? FileAccess.Write : 0);
                targets.Add(new EpollTarget((int)words.ReadNumber(), After(line, " ino:"u8), access));
            }
        }
        return [.. targets];
    }

    /// <summary>Of an inotify: the files that it watches.</summary>
    public (ulong Device, ulong Inode)[] InotifyTargets()
    {
        List<(ulong, ulong)> targets = [];
        TextCursor lines = new(_text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("inotify "u8))
            {
                targets.Add((DeviceNumber.OfKernel(After(line, " sdev:"u8)), After(line, " ino:"u8)));
            }
        }
        return [.. targets];
    }

    /// <summary>The locks and leases that the open file description has.</summary>
    public void AddLocks(ref List<LockLine>? locks)
    {
        ReadOnlySpan<byte> left = _text;
        int at;
        while ((at = left.IndexOf("lock:\t"u8)) >= 0)
        {
            left = left[(at + 6)..];
            int end = left.IndexOf((byte)'\n');
            if (LockLine.TryParse(end < 0 ? left : left[..end], out LockLine found) && !found.IsWaiting)
            {
                (locks ??= []).Add(found);
            }
        }
    }

    private static ulong After(ReadOnlySpan<byte> line, ReadOnlySpan<byte> label)
    {
        int at = line.IndexOf(label);
        return at < 0 ? 0 : new TextCursor(line[(at + label.Length)..]).ReadHex();
    }

    private ReadOnlySpan<byte> Field(ReadOnlySpan<byte> label)
    {
        int at = _text.IndexOf(label);
        return at < 0 ? default : new TextCursor(_text[(at + label.Length)..]).ReadWord();
    }
}
