using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Isthmus.Web.Feed;

/// <summary>
/// What watchers know: each process and channel by its key, as the bytes that were sent. What differs from them is sent again, and nothing else.
/// </summary>
internal sealed class GraphState
{
    private Dictionary<string, byte[]> _processes = [];
    private Dictionary<string, byte[]> _channels = [];
    private byte[] _stuck = "[]"u8.ToArray();
    private byte[] _summary = "{}"u8.ToArray();

    /// <summary>Takes a newer graph, and gives the frame that leads there from the one before.</summary>
    public ReadOnlyMemory<byte> Advance(PageGraph graph, JsonStuck[] stuck, JsonSummary summary)
    {
        Dictionary<string, byte[]> processes = Serialize(graph.Processes, each => each.Key, PageModel.Default.JsonPageProcess);
        Dictionary<string, byte[]> channels = Serialize(graph.Channels, each => each.Key, PageModel.Default.JsonChannel);
        byte[] stuckNow = JsonSerializer.SerializeToUtf8Bytes(stuck, PageModel.Default.JsonStuckArray);
        _summary = JsonSerializer.SerializeToUtf8Bytes(summary, PageModel.Default.JsonSummary);
        ReadOnlyMemory<byte> frame = Write(
            isFull: false,
            Changed(_processes, processes),
            Changed(_channels, channels),
            [.. Gone(_processes, processes), .. Gone(_channels, channels)],
            stuckNow.AsSpan().SequenceEqual(_stuck) ? null : stuckNow);
        (_processes, _channels, _stuck) = (processes, channels, stuckNow);
        return frame;
    }

    /// <summary>The frame for who knows nothing yet.</summary>
    public ReadOnlyMemory<byte> Full() => Write(isFull: true, _processes.Values, _channels.Values, [], _stuck);

    private static Dictionary<string, byte[]> Serialize<T>(IReadOnlyList<T> items, Func<T, string> key, JsonTypeInfo<T> type)
    {
        Dictionary<string, byte[]> bytes = new(items.Count, StringComparer.Ordinal);
        foreach (T item in items)
        {
            bytes[key(item)] = JsonSerializer.SerializeToUtf8Bytes(item, type);
        }
        return bytes;
    }

    private static IEnumerable<byte[]> Changed(Dictionary<string, byte[]> before, Dictionary<string, byte[]> now) =>
        from each in now
        where !before.TryGetValue(each.Key, out byte[]? old) || !each.Value.AsSpan().SequenceEqual(old)
        select each.Value;

    private static IEnumerable<string> Gone(Dictionary<string, byte[]> before, Dictionary<string, byte[]> now) =>
        before.Keys.Where(key => !now.ContainsKey(key));

    private ReadOnlyMemory<byte> Write(
        bool isFull, IEnumerable<byte[]> processes, IEnumerable<byte[]> channels, IReadOnlyList<string> gone, byte[]? stuck)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteBoolean("full", isFull);
            json.WritePropertyName("summary");
            json.WriteRawValue(_summary, skipInputValidation: true);
            WriteArray(json, "processes", processes);
            WriteArray(json, "channels", channels);
            json.WriteStartArray("gone");
            foreach (string key in gone)
            {
                json.WriteStringValue(key);
            }
            json.WriteEndArray();
            if (stuck is not null)
            {
                json.WritePropertyName("stuck");
                json.WriteRawValue(stuck, skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<byte[]> items)
    {
        json.WriteStartArray(name);
        foreach (byte[] item in items)
        {
            json.WriteRawValue(item, skipInputValidation: true);
        }
        json.WriteEndArray();
    }
}
