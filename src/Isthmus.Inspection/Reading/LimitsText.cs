using System.Text;

namespace Isthmus.Inspection;

/// <summary>
/// The limits as <c>/proc/PID/limits</c> prints them, in columns: <c>Max open files            1024                 4096                 files</c>.
/// </summary>
internal static class LimitsText
{
    private const int NameWidth = 26;

    public static List<ResourceLimit> Parse(ReadOnlySpan<byte> text)
    {
        List<ResourceLimit> limits = [];
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.Length > NameWidth && ResourceOf(Encoding.UTF8.GetString(line[..NameWidth].TrimEnd((byte)' '))) is { } resource)
            {
                TextCursor words = new(line[NameWidth..]);
                limits.Add(new ResourceLimit(resource, Value(words.ReadWord()), Value(words.ReadWord())));
            }
        }
        return limits;
    }

    private static long? Value(ReadOnlySpan<byte> word) => word.SequenceEqual("unlimited"u8) ? null : TextCursor.Number(word);

    private static LimitedResource? ResourceOf(string name) => name switch
    {
        "Max cpu time" => LimitedResource.CpuTime,
        "Max file size" => LimitedResource.FileSize,
        "Max data size" => LimitedResource.DataSize,
        "Max stack size" => LimitedResource.StackSize,
        "Max core file size" => LimitedResource.CoreSize,
        "Max processes" => LimitedResource.ProcessCount,
        "Max open files" => LimitedResource.DescriptorCount,
        "Max locked memory" => LimitedResource.LockedMemory,
        "Max address space" => LimitedResource.AddressSpace,
        "Max pending signals" => LimitedResource.PendingSignals,
        "Max msgqueue size" => LimitedResource.MessageQueueBytes,
        "Max nice priority" => LimitedResource.NiceCeiling,
        "Max realtime priority" => LimitedResource.RealTimePriority,
        "Max realtime timeout" => LimitedResource.RealTimeCpuTime,
        _ => null,
    };
}
