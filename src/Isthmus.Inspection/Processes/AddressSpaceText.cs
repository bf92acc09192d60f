namespace Isthmus.Inspection;

/// <summary>The address space from <c>/proc/PID/smaps</c>: a line as in maps for each range, then its figures in KiB.</summary>
internal static class AddressSpaceText
{
    /// <param name="text">The file.</param>
    /// <param name="stacks">Where each thread's stack pointer stands, as far as it is known: the kernel marks only the main thread's stack.</param>
    public static List<MemoryRange> Parse(ReadOnlySpan<byte> text, IReadOnlyDictionary<int, ulong> stacks)
    {
        HashSet<(ulong, ulong)> programs = Programs(text);
        List<MemoryRange> ranges = [];
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty)
            {
                continue;
            }
            // Ranges begin with a lower-case digit, figures with a capital.
            if (line[0] is < (byte)'A' or > (byte)'Z' && MapLine.TryParse(line, out MapLine map))
            {
                ranges.Add(RangeOf(map, programs.Contains((map.Device, map.Inode)), stacks));
            }
            else if (ranges.Count > 0)
            {
                ranges[^1] = WithFigure(ranges[^1], line);
            }
        }
        return ranges;
    }

    // The files of which any part is executable: what else is mapped of them are their variables.
    private static HashSet<(ulong Device, ulong Inode)> Programs(ReadOnlySpan<byte> text)
    {
        HashSet<(ulong, ulong)> programs = [];
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (!line.IsEmpty && line[0] is < (byte)'A' or > (byte)'Z' && MapLine.TryParse(line, out MapLine map)
                && map is { CanExecute: true, IsShared: false, Inode: not 0 })
            {
                programs.Add((map.Device, map.Inode));
            }
        }
        return programs;
    }

    private static MemoryRange RangeOf(in MapLine map, bool isProgram, IReadOnlyDictionary<int, ulong> stacks)
    {
        MemoryKind kind = KindOf(map, isProgram);
        int? thread = null;
        if (kind == MemoryKind.Anonymous)
        {
            foreach ((int id, ulong pointer) in stacks)
            {
                thread ??= pointer >= map.Start && pointer < map.End ? id : null;
            }
        }
        ReadOnlySpan<byte> name = FileName.WithoutMark(map.Name, out _);
        return new MemoryRange
        {
            Start = map.Start,
            Length = map.Length,
            Kind = thread is null ? kind : MemoryKind.ThreadStack,
            Access = AccessOf(map),
            Name = name.IsEmpty ? null : FileName.Unescape(name),
            ThreadId = thread,
        };
    }

    private static string AccessOf(in MapLine map) =>
        $"{(map.CanRead ? 'r' : '-')}{(map.CanWrite ? 'w' : '-')}{(map.CanExecute ? 'x' : '-')}{(map.IsShared ? 's' : 'p')}";

    private static MemoryKind KindOf(in MapLine map, bool isProgram) => map.Name switch
    {
        [] => MemoryKind.Anonymous,
        var name when name.SequenceEqual("[heap]"u8) => MemoryKind.Heap,
        var name when name.StartsWith("[stack"u8) => MemoryKind.Stack,
        var name when name.StartsWith("[anon"u8) => map.IsShared ? MemoryKind.SharedMemory : MemoryKind.Anonymous,
        [(byte)'[', ..] => MemoryKind.Kernel,
        var name when map.IsShared && (name.StartsWith("/memfd:"u8) || name.StartsWith("/SYSV"u8)
            || name.StartsWith("/dev/zero"u8) || name.StartsWith("/dev/shm/"u8)) => MemoryKind.SharedMemory,
        _ when isProgram => map.CanExecute ? MemoryKind.Text : MemoryKind.Data,
        _ => MemoryKind.MappedFile,
    };

    private static MemoryRange WithFigure(MemoryRange range, ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("Rss:"u8))
        {
            return range with { ResidentBytes = Bytes(line[4..]) };
        }
        if (line.StartsWith("Pss:"u8))
        {
            return range with { ProportionalBytes = Bytes(line[4..]) };
        }
        return line.StartsWith("Swap:"u8) ? range with { SwappedBytes = Bytes(line[5..]) } : range;
    }

    private static long Bytes(ReadOnlySpan<byte> words) => new TextCursor(words).ReadNumber() * 1024;
}
