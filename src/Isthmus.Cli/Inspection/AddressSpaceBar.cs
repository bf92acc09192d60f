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
        List<(MemoryKind Kind, int Count, long Size, long Resident, long Proportional)> kinds =
        [
            .. from range in ranges
               group range by range.Kind into same
               orderby same.Key
               select (same.Key, same.Count(), same.Sum(each => each.Length), same.Sum(each => each.ResidentBytes), same.Sum(each => each.ProportionalBytes)),
        ];
        long resident = Math.Max(kinds.Sum(kind => kind.Resident), 1);
        StringBuilder bar = new("resident:   [");
        long drawn = 0;
        long seen = 0;
        foreach ((MemoryKind kind, _, _, long bytes, _) in kinds)
        {
            seen += bytes;
            int end = (int)(seen * Width / resident);
            bar.Append(Letter(kind), (int)(end - drawn));
            drawn = end;
        }
        List<string> lines = [bar.Append(' ', (int)(Width - drawn)).Append(']').ToString()];
        lines.Add("              kind            ranges     size KiB resident KiB     own KiB");
        lines.AddRange(kinds.Select(kind => string.Create(
            CultureInfo.InvariantCulture,
            $"            {Letter(kind.Kind)} {JsonSignal.Word(kind.Kind),-15} {kind.Count,6} {kind.Size >> 10,12} {kind.Resident >> 10,12} {kind.Proportional >> 10,11}")));
        return lines;
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
