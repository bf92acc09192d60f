using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Isthmus.Cli;

/// <summary>
/// What <c>--json</c> prints: one object with its schema's number, snake_case, sizes in bytes, times in nanoseconds. All
/// its types stand in this file, because they are a promise: fields are only ever added.
/// </summary>
internal abstract record JsonDocument
{
    [JsonPropertyOrder(-1)]
    public int Schema { get; } = 1;

    public static void Write<T>(T document, JsonTypeInfo<T> type)
        where T : JsonDocument => Console.WriteLine(JsonSerializer.Serialize(document, type));
}

/// <summary>A process: its number, its start in clock ticks since boot, and its name.</summary>
internal sealed record JsonProcess(int Pid, ulong Start, string Name);

/// <summary>An object of the kernel or of Isthmus.</summary>
internal sealed record JsonObject(string Kind, string? Id, string? Name);

/// <summary>
/// Of <c>socket info</c>. State is listening, bound, connected or dead; connections counts those accepted under the name. Null is what the
/// name does not have, or what cannot be seen.
/// </summary>
internal sealed record JsonSocketInfo(
    JsonObject Object, string? Type, string State, int Connections, string? Mode, uint? Uid, uint? Gid, JsonSocketPeer? Peer) : JsonDocument;

/// <summary>Who listens, as the kernel noted it then.</summary>
internal sealed record JsonSocketPeer(int Pid, uint Uid, uint Gid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(JsonProcess))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonSocketInfo))]
internal sealed partial class JsonModel : JsonSerializerContext;
