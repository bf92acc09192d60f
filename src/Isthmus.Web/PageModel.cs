using System.Text.Json;
using System.Text.Json.Serialization;

namespace Isthmus.Web;

// What goes to the page, which is of the same build: no promise to anybody else. Its twin is Page/src/wire.ts. Sizes in bytes.

/// <summary>A process as the graph draws it. The key tells it from a later one of the same number; cpu is a share of one CPU in percent.</summary>
internal sealed record JsonPageProcess(
    string Key, int Pid, string Name, string Command, string User, string State, string? Wait, string? Stuck, string? Parent, int Cpu, long Memory,
    int Threads, int? Descriptors, bool Dotnet, bool Hidden);

/// <summary>
/// Something that at least two processes have: one object, or both ends of a connection. Rate is what passes through it in a second, in unit (bytes or
/// messages), with two digits that count; null where nobody counts it.
/// </summary>
internal sealed record JsonChannel(
    string Key, string Kind, string? Name, string? Type, long? Fill, long? Capacity, double? Rate, string? Unit, bool Runtime, IReadOnlyList<JsonEnd> Ends);

/// <summary>
/// What a process has of it, in letters: r reads, w writes, o open otherwise, l listens, m maps, p takes part, h holds the lock, ? waits,
/// ! waits and is stuck.
/// </summary>
internal sealed record JsonEnd(string Process, string Role);

/// <summary>Why somebody is stuck: a sentence, how the chain ends, and who is in it.</summary>
internal sealed record JsonStuck(string Text, string End, IReadOnlyList<string> Processes);

/// <summary>What holds for the whole; sweep is in milliseconds, the last one counts sentences, told or not.</summary>
internal sealed record JsonSummary(
    string Host, string Scope, bool Bench, int Processes, int Hidden, IReadOnlyList<string> Gaps, double Sweep, int StuckCount);

/// <summary>A process with everything that is told of it.</summary>
internal sealed record JsonProcessPage(
    string Key, int Pid, string Name, bool Ended, IReadOnlyList<JsonFact> Facts, IReadOnlyList<JsonMemory> Memory, IReadOnlyList<JsonThreadRow> Threads,
    IReadOnlyList<JsonHeld> Objects, IReadOnlyList<JsonLimitRow> Limits, IReadOnlyList<string> NotPermitted);

/// <summary>A label and what stands behind it.</summary>
internal sealed record JsonFact(string Label, string Value);

/// <summary>A kind of memory in an address space.</summary>
internal sealed record JsonMemory(string Kind, int Ranges, long Size, long Resident, long Own);

/// <summary>A thread, and in words why it waits; no number for what is awaited without one.</summary>
internal sealed record JsonThreadRow(int? Tid, string Name, string Text, bool Runtime);

/// <summary>An object that a process uses, and who has it or its other end besides.</summary>
internal sealed record JsonHeld(
    int? Descriptor, string Relation, string? Access, string Id, string Kind, string? Name, bool Runtime, IReadOnlyList<JsonUser> Others);

/// <summary>A process at an object.</summary>
internal sealed record JsonUser(string Key, int Pid, string Name, string Relation, string? Access, int? Descriptor);

/// <summary>Null for unlimited.</summary>
internal sealed record JsonLimitRow(string Resource, long? Soft, long? Hard);

/// <summary>An object with its users, those at its other end, and what it watches.</summary>
internal sealed record JsonObjectPage(
    string Id, string Kind, string? Name, IReadOnlyList<JsonFact> Facts, IReadOnlyList<JsonUser> Users, IReadOnlyList<JsonUser> OtherEnd,
    IReadOnlyList<JsonFact> Watches);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonPageProcess))]
[JsonSerializable(typeof(JsonChannel))]
[JsonSerializable(typeof(JsonStuck[]))]
[JsonSerializable(typeof(JsonSummary))]
[JsonSerializable(typeof(JsonProcessPage))]
[JsonSerializable(typeof(JsonObjectPage))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class PageModel : JsonSerializerContext
{
    /// <summary>CloseWait as close_wait.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
