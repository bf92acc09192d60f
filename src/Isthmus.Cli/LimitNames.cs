using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Isthmus.Cli;

/// <summary>Limits as they are written on the command line: <c>descriptors=256</c>, <c>core=0:unlimited</c>.</summary>
internal static class LimitNames
{
    private static readonly Dictionary<string, LimitedResource> s_resources = new()
    {
        ["cpu"] = LimitedResource.CpuTime,
        ["file-size"] = LimitedResource.FileSize,
        ["data"] = LimitedResource.DataSize,
        ["stack"] = LimitedResource.StackSize,
        ["core"] = LimitedResource.CoreSize,
        ["processes"] = LimitedResource.ProcessCount,
        ["descriptors"] = LimitedResource.DescriptorCount,
        ["locked-memory"] = LimitedResource.LockedMemory,
        ["address-space"] = LimitedResource.AddressSpace,
        ["pending-signals"] = LimitedResource.PendingSignals,
        ["mq-bytes"] = LimitedResource.MessageQueueBytes,
        ["nice"] = LimitedResource.NiceCeiling,
        ["rt-priority"] = LimitedResource.RealTimePriority,
        ["rt-time"] = LimitedResource.RealTimeCpuTime,
    };

    public static IEnumerable<string> All => s_resources.Keys;

    public static bool TryParse(string text, [NotNullWhen(true)] out ResourceLimit? limit)
    {
        limit = null;
        string[] sides = text.Split('=', 2);
        string[] values = sides[^1].Split(':');
        if (sides.Length != 2 || values.Length > 2
            || !s_resources.TryGetValue(sides[0], out LimitedResource resource)
            || !TryParseValue(values[0], out long? soft)
            || !TryParseValue(values[^1], out long? hard))
        {
            return false;
        }
        limit = new ResourceLimit(resource, soft, hard);
        return true;
    }

    private static bool TryParseValue(string text, out long? value)
    {
        value = null;
        if (text == "unlimited")
        {
            return true;
        }
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        value = number;
        return isNumber;
    }
}
