using System.Globalization;
using System.Text;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>
/// Draws an address space: one bar in which each kind of memory has the share of what is resident, then a line for each kind with its sizes.
/// </summary>
internal static class AddressSpaceBar
{
    private const int Width = 60;

    public static IReadOnlyList<string> Draw(IReadOnlyList<MemoryRange> ranges)
    {
        IGrouping<MemoryKind, MemoryRange>[] kinds = [.. ranges.GroupBy(range => range.Kind).OrderBy(same => same.Key)];
        long resident = Math.Max(ranges.Sum(range => range.ResidentBytes), 1);
        StringBuilder bar = new("resident:   [");
        long drawn = 0;
        long seen = 0;
        foreach (IGrouping<MemoryKind, MemoryRange> kind in kinds)
        {
            seen += kind.Sum(range => range.ResidentBytes);
            long end = seen * Width / resident;
            bar.Append(Letter(kind.Key), (int)(end - drawn));
            drawn = end;
        }
        return
        [
            bar.Append(' ', (int)(Width - drawn)).Append(']').ToString(),
            "              kind            ranges     size KiB resident KiB     own KiB",
            .. kinds.Select(kind => Describe(kind.Key, [.. kind])),
        ];
    }

    private static string Describe(MemoryKind kind, IReadOnlyList<MemoryRange> ranges)
    {
        long size = ranges.Sum(range => range.Length) >> 10;
        long resident = ranges.Sum(range => range.ResidentBytes) >> 10;
        long own = ranges.Sum(range => range.ProportionalBytes) >> 10;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"            {Letter(kind)} {JsonSignal.Word(kind),-15} {ranges.Count,6} {size,12} {resident,12} {own,11}");
    }

    private static char Letter(MemoryKind kind) => kind switch
    {
        MemoryKind.Text => 't',
        MemoryKind.Data => 'd',
        MemoryKind.Heap => 'h',
        MemoryKind.Stack => 's',
        MemoryKind.ThreadStack => 'T',
        MemoryKind.SharedMemory => 'S',
        MemoryKind.MappedFile => 'f',
        MemoryKind.Anonymous => 'a',
        _ => 'k',
    };
}
