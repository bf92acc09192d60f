using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Isthmus.Cli.Bench;
using Isthmus.Cli.Stress;

namespace Isthmus.Cli;

/// <summary>
/// What <c>--json</c> prints: one object with its schema's number, snake_case, sizes in bytes, times in nanoseconds. All
/// its types stand in this file, and those of channels in one beside it, because they are a promise: fields are only ever added.
/// </summary>
internal abstract record JsonDocument
{
    [JsonPropertyOrder(-1)]
    public int Schema { get; } = 1;

    public static void Write<T>(T document, JsonTypeInfo<T> type)
        where T : JsonDocument => Console.WriteLine(JsonSerializer.Serialize(document, type));

    /// <summary>One line, for commands that print many.</summary>
    public static void WriteLine<T>(T document, JsonTypeInfo<T> type)
        where T : JsonDocument => Console.WriteLine(JsonNode.Parse(JsonSerializer.Serialize(document, type))!.ToJsonString());
}

/// <summary>A process: its number, its start in clock ticks since boot, and its name.</summary>
internal sealed record JsonProcess(int Pid, ulong Start, string Name)
{
    /// <summary>It may have ended already; then it has no name.</summary>
    public static JsonProcess Of(int processId) =>
        new(processId, ProcessIdentity.TryOf(processId, out ProcessIdentity identity) ? (ulong)identity.StartTime : 0, NameOf(processId));

    /// <summary>One that somebody has written down: its number may mean another process by now, or in this namespace.</summary>
    public static JsonProcess Of(ProcessIdentity process)
    {
        bool isIt = process.IsLocal && ProcessIdentity.TryOf(process.Id, out ProcessIdentity now) && now == process;
        return new JsonProcess(process.Id, (ulong)process.StartTime, isIt ? NameOf(process.Id) : "");
    }

    private static string NameOf(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/comm")).TrimEnd('\n');
        }
        catch (IOException)
        {
            return ""; // It has none any more.
        }
    }
}

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

/// <summary>What <c>bench --json</c> prints.</summary>
internal sealed record BenchDocument(
    JsonMachine Machine,
    IReadOnlyList<JsonBenchResult> Results,
    IReadOnlyList<JsonBenchComparison> Comparisons,
    IReadOnlyList<JsonBenchGap> Missing) : JsonDocument
{
    public static BenchDocument Of(BenchReport report) => new(
        new JsonMachine(
            report.Machine.Kernel, report.Machine.Architecture, report.Machine.CpuModel, report.Machine.CpuCount,
            report.Machine.CpusAllowed, report.Machine.MemoryBytes, report.Machine.Dotnet, report.Machine.Tool),
        [.. report.Results.Select(r => new JsonBenchResult(r.Suite, r.Mechanism, r.Size, r.Metric, r.Value, r.Unit, r.LimitRatio, r.Loss))],
        [.. report.Comparisons.Select(c => new JsonBenchComparison(
            c.Suite, c.Mechanism, c.Against, c.Size, c.Metric, c.Ratio, c.SelfLow, c.SelfHigh, c.Pairs))],
        [.. report.Missing.Select(gap => new JsonBenchGap(gap.Suite, gap.Mechanism, gap.Size, gap.Reason))]);
}

/// <summary>Where figures come from; memory in bytes.</summary>
internal sealed record JsonMachine(
    string Kernel, string Architecture, string CpuModel, int CpuCount, int CpusAllowed, long Memory, string Dotnet, string Isthmus);

/// <summary>One figure. <c>size</c> is in bytes, in the suite <c>switching</c> a count; <c>loss</c> (0 to 1) stands only where messages may get lost.</summary>
internal sealed record JsonBenchResult(
    string Suite,
    string Mechanism,
    int? Size,
    string Metric,
    double Value,
    string Unit,
    double? LimitRatio,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Loss);

/// <summary>
/// How many times as long a row takes as another one, the lower quartile of <c>pairs</c> rounds in turns; and the quartiles of that other
/// row against itself.
/// </summary>
internal sealed record JsonBenchComparison(
    string Suite, string Mechanism, string Against, int? Size, string Metric, double Ratio, double SelfLow, double SelfHigh, int Pairs);

/// <summary>What could not be measured here, and why.</summary>
internal sealed record JsonBenchGap(string Suite, string Mechanism, int? Size, string Reason);

/// <summary>
/// Of <c>signal wait</c>, one a line: origin as si_code's name, times of the child in nanoseconds. What a signal does not have is null.
/// </summary>
internal sealed record JsonSignal(
    string Signal, int Number, string Origin, int Code, int? Pid, uint? Uid, long? Value, int? Timer, int? Overruns,
    int? ExitCode, string? ChildSignal, long? UserTime, long? SystemTime) : JsonDocument
{
    public static JsonSignal Of(SignalInfo info) => new(
        info.Signal.Name, info.Signal.Number, Word(info.Origin), info.Code, info.ProcessId, info.UserId, info.PointerValue, info.TimerId,
        info.Overruns, info.ChildExitCode, info.ChildStateSignal?.Name, Nanoseconds(info.ChildUserTime), Nanoseconds(info.ChildSystemTime));

    /// <summary>ChildExited as child_exited.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static long? Nanoseconds(TimeSpan? time) => time?.Ticks * TimeSpan.NanosecondsPerTick;
}

/// <summary>Of <c>signal list</c>.</summary>
internal sealed record JsonSignalList(IReadOnlyList<JsonSignalKind> Signals) : JsonDocument;

/// <summary>A signal; reserved_for is kernel, fault, runtime or isthmus, and null where a program may catch, block and ignore it.</summary>
internal sealed record JsonSignalKind(int Number, string Name, string DefaultAction, bool RealTime, string? ReservedFor);

/// <summary>Of <c>signal info</c>: pending are those for the whole process; queued counts all of its user.</summary>
internal sealed record JsonSignalState(
    JsonProcess Process, IReadOnlyList<string> Caught, IReadOnlyList<string> Ignored, IReadOnlyList<string> Pending,
    long Queued, long QueuedMax, IReadOnlyList<JsonThreadSignals> Threads) : JsonDocument;

/// <summary>What a thread has blocked, and what waits for it alone.</summary>
internal sealed record JsonThreadSignals(int Tid, string Name, IReadOnlyList<string> Blocked, IReadOnlyList<string> Pending);

/// <summary>How a command of <c>run</c> ended, and what it used; null what is not known.</summary>
internal sealed record JsonRunReport(
    IReadOnlyList<string> Command, int? Code, string? Signal, bool CoreDumped, bool TimedOut,
    long? Elapsed, long? UserTime, long? SystemTime, long? PeakMemory, long OrphansReaped) : JsonDocument;

/// <summary>
/// Of <c>fifo info</c> and <c>pipe info</c>. The object's id is the inode number; hidden_processes counts those that could not be looked at.
/// Capacity and waiting are null when nobody has it open, or nobody who may be looked at.
/// </summary>
internal sealed record JsonPipeInfo(
    JsonObject Object, string? Mode, uint? Uid, uint? Gid, int? Capacity, int? Waiting,
    IReadOnlyList<JsonPipeHolder> Readers, IReadOnlyList<JsonPipeHolder> Writers, int HiddenProcesses) : JsonDocument;

/// <summary>A descriptor that holds a pipe open.</summary>
internal sealed record JsonPipeHolder(JsonProcess Process, int Descriptor);

/// <summary>
/// Of <c>shm info</c>. The object's id is the inode number in /dev/shm, or the System V id; its name the key of a System V segment, null without one.
/// Allocated is null where the kernel does not tell.
/// </summary>
internal sealed record JsonSharedMemoryInfo(
    JsonObject Object, long Size, long? Allocated, string Mode, uint Uid, uint Gid, JsonSystemVMemory? SystemV) : JsonDocument;

/// <summary>What the kernel counts of System V memory; moments in nanoseconds since 1970, to the second, null for never.</summary>
internal sealed record JsonSystemVMemory(
    uint CreatorUid, uint CreatorGid, long Attached, int CreatorPid, int LastPid,
    long? AttachedAt, long? DetachedAt, long? ChangedAt, bool Locked, bool Removed);

/// <summary>
/// Of <c>mq info</c>. The object's name is the POSIX name or the System V key, its id the System V id; bytes is null where the kernel does not tell. The
/// notified process is the one that waits for mq_notify(3).
/// </summary>
internal sealed record JsonMessageQueueInfo(
    JsonObject Object, long Messages, long? MaxMessages, long? Bytes, long? MaxBytes, long? MaxMessageSize,
    string Mode, uint Uid, uint Gid, int? NotifiedPid, JsonSystemVQueue? SystemV) : JsonDocument;

/// <summary>What the kernel notes of a System V queue; moments in nanoseconds since 1970, to the second, null for never.</summary>
internal sealed record JsonSystemVQueue(
    uint CreatorUid, uint CreatorGid, int LastSenderPid, int LastReceiverPid, long? SentAt, long? ReceivedAt, long ChangedAt);

/// <summary>Of <c>lock info</c>: a lock stands there once for each descriptor that holds it.</summary>
internal sealed record JsonLockInfo(JsonObject Object, IReadOnlyList<JsonLock> Locks) : JsonDocument;

/// <summary>
/// Kind is ofd, posix or flock, mode shared or exclusive; length 0 is all that follows. Process and descriptor are null when they cannot be seen.
/// </summary>
internal sealed record JsonLock(string Kind, string Mode, long Start, long Length, JsonProcess? Process, int? Descriptor);

/// <summary>
/// Of <c>semaphore info</c>. The object's id is the inode number in /dev/shm, or the System V id; its name the key of a System V set, null without
/// one. Value is null for a set, and where it may not be looked at.
/// </summary>
internal sealed record JsonSemaphoreInfo(
    JsonObject Object, string Mode, uint Uid, uint Gid, int? Value, JsonSemaphoreSet? SystemV) : JsonDocument;

/// <summary>A System V set; moments in nanoseconds since 1970, to the second, null for never.</summary>
internal sealed record JsonSemaphoreSet(
    uint CreatorUid, uint CreatorGid, long? OperatedAt, long? ChangedAt, IReadOnlyList<JsonSetSemaphore> Semaphores);

/// <summary>One semaphore of a set; the waiting ones are threads, of all processes.</summary>
internal sealed record JsonSetSemaphore(int Index, int Value, int LastPid, int WaitingForUnits, int WaitingForZero);

/// <summary>
/// Of <c>info</c> of each kind of object of Isthmus; the object's id is null. Waiters counts calls that wait, of all participants. Start is 0 and
/// name empty of a process that is gone or is of another pid namespace.
/// </summary>
internal abstract record JsonSharedInfo(
    JsonObject Object, long Size, int MaxParticipants, JsonProcess Creator, IReadOnlyList<JsonParticipant> Participants, int Waiters) : JsonDocument
{
    protected JsonSharedInfo(string kind, SharedObjectStatus status)
        : this(
            new JsonObject(kind, null, status.Name), status.SizeBytes, status.MaxParticipants, JsonProcess.Of(status.Creator),
            [.. status.Participants.Select(JsonParticipant.Of)], status.Waiters)
    {
    }

    protected static JsonProcess? ProcessOf(SharedParticipant? participant) => participant is { } known ? JsonProcess.Of(known.Process) : null;
}

/// <summary>Who has a shared object open; alive is false until the dead one's part is recovered.</summary>
internal sealed record JsonParticipant(int Slot, JsonProcess Process, bool Alive, int Waiters)
{
    public static JsonParticipant Of(SharedParticipant participant) =>
        new(participant.Slot, JsonProcess.Of(participant.Process), participant.IsAlive, participant.Waiters);
}

/// <summary>Of <c>mutex info</c>; owner is null while nobody is in it; of a fair one, it may be the one whose turn it is.</summary>
internal sealed record JsonMutexInfo : JsonSharedInfo
{
    public JsonMutexInfo(SharedMutexStatus status)
        : base("mutex", status) =>
        (Entered, Owner, Fair, Abandoned, Unusable, Generation) =
            (status.IsEntered, ProcessOf(status.Owner), status.IsFair, status.IsAbandoned, status.IsUnusable, status.Generation);

    public bool Entered { get; }

    public JsonProcess? Owner { get; }

    public bool Fair { get; }

    public bool Abandoned { get; }

    public bool Unusable { get; }

    public uint Generation { get; }
}

/// <summary>Of <c>event info</c>; mode is auto or manual, sets counts modulo 2^32.</summary>
internal sealed record JsonEventInfo : JsonSharedInfo
{
    public JsonEventInfo(SharedEventStatus status)
        : base("event", status) =>
        (Mode, Set, Sets) = (status.Mode == EventResetMode.ManualReset ? "manual" : "auto", status.IsSet, status.Sets);

    public string Mode { get; }

    public bool Set { get; }

    public uint Sets { get; }
}

/// <summary>Of <c>semaphore info</c> with a bare word; holders is empty where the semaphore does not track them.</summary>
internal sealed record JsonSharedSemaphoreInfo : JsonSharedInfo
{
    public JsonSharedSemaphoreInfo(SharedSemaphoreStatus status)
        : base("semaphore", status) =>
        (Value, MaxValue, OwnerTracked, Holders) = (
            status.CurrentCount, status.MaximumCount, status.OwnerTracked,
            [.. status.Holders.Select(holder => new JsonPermits(ProcessOf(holder.Participant), holder.Slot, holder.Count))]);

    public int Value { get; }

    public int MaxValue { get; }

    public bool OwnerTracked { get; }

    public IReadOnlyList<JsonPermits> Holders { get; }
}

/// <summary>Who holds how many units; process is null when it is not known.</summary>
internal sealed record JsonPermits(JsonProcess? Process, int Slot, int Count);

/// <summary>
/// Of <c>rwlock info</c>. Owner is who writes, waits until it may (writer_waiting), or may upgrade: mode is write, upgradeable_read or none.
/// </summary>
internal sealed record JsonRwLockInfo : JsonSharedInfo
{
    public JsonRwLockInfo(SharedReaderWriterLockStatus status)
        : base("rwlock", status) =>
        (Owner, Mode, WriterWaiting, Abandoned, Unusable, Generation, Readers) = (
            ProcessOf(status.Owner), JsonSignal.Word(status.OwnerMode), status.IsWriterWaiting, status.IsAbandoned, status.IsUnusable, status.Generation,
            [.. status.Readers.Select(each => new JsonReader(ProcessOf(each.Participant), each.Slot, each.Inside, each.Waiting))]);

    public JsonProcess? Owner { get; }

    public string Mode { get; }

    public bool WriterWaiting { get; }

    public bool Abandoned { get; }

    public bool Unusable { get; }

    public uint Generation { get; }

    public IReadOnlyList<JsonReader> Readers { get; }
}

/// <summary>Who reads, or waits for that; process is null when it is not known.</summary>
internal sealed record JsonReader(JsonProcess? Process, int Slot, int Inside, int Waiting);

/// <summary>Of <c>barrier info</c>; round counts modulo 2^28, will_break says that the next round will be broken.</summary>
internal sealed record JsonBarrierInfo : JsonSharedInfo
{
    public JsonBarrierInfo(SharedBarrierStatus status)
        : base("barrier", status) =>
        (Round, Members, Arrived, Broken, WillBreak, Parties) = (
            status.Round, status.MemberCount, status.ArrivedCount, status.IsBroken, status.WillBreak,
            [.. status.Parties.Select(each => new JsonParty(ProcessOf(each.Participant), each.Slot, each.Joined, each.Arrived))]);

    public int Round { get; }

    public int Members { get; }

    public int Arrived { get; }

    public bool Broken { get; }

    public bool WillBreak { get; }

    public IReadOnlyList<JsonParty> Parties { get; }
}

/// <summary>The members that a process has in a barrier; process is null when it is not known.</summary>
internal sealed record JsonParty(JsonProcess? Process, int Slot, int Joined, int Arrived);

/// <summary>
/// Of <c>stress</c>. Recoveries are those of what killed processes held, from the moment that the death could be seen until another had it, when
/// nobody was paused; figures are the family's own.
/// </summary>
internal sealed record JsonStress(
    string Family, int Seed, int Processes, long Elapsed, long Turns, int Kills, int Pauses, JsonRecoveries Recoveries, long LongestWait,
    IReadOnlyDictionary<string, long> Figures, IReadOnlyList<string> Violations) : JsonDocument
{
    public static JsonStress Of(StressReport report) => new(
        report.Family, report.Options.Seed, report.Options.Processes, Nanoseconds(report.Elapsed), report.Turns, report.Kills, report.Pauses,
        JsonRecoveries.Of(report.Recoveries),
        Nanoseconds(report.LongestWait),
        report.Figures.ToDictionary(figure => figure.Name.Replace(' ', '_'), figure => figure.Value),
        report.Violations);

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}

/// <summary>Times of count recoveries, since the death could be seen and since SIGKILL was sent.</summary>
internal sealed record JsonRecoveries(int Count, int DuringPauses, JsonSpread SinceDeath, JsonSpread SinceKill)
{
    public static JsonRecoveries Of(RecoveryTimes times) =>
        new(times.Count, times.DuringPauses, JsonSpread.Of(times.SinceDeath), JsonSpread.Of(times.SinceKill));
}

/// <summary>In nanoseconds; 0 when there were none.</summary>
internal sealed record JsonSpread(long P50, long P99, long Longest)
{
    public static JsonSpread Of(RecoveryTimes.Spread times) =>
        new(Nanoseconds(times.Median), Nanoseconds(times.Percentile99), Nanoseconds(times.Longest));

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(JsonProcess))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonSemaphoreInfo))]
[JsonSerializable(typeof(JsonSharedMemoryInfo))]
[JsonSerializable(typeof(JsonMessageQueueInfo))]
[JsonSerializable(typeof(JsonSocketInfo))]
[JsonSerializable(typeof(JsonPipeInfo))]
[JsonSerializable(typeof(JsonLockInfo))]
[JsonSerializable(typeof(JsonObjectList))]
[JsonSerializable(typeof(JsonProcessList))]
[JsonSerializable(typeof(JsonProcessView))]
[JsonSerializable(typeof(JsonReason))]
[JsonSerializable(typeof(JsonDoctor))]
[JsonSerializable(typeof(JsonLeftovers))]
[JsonSerializable(typeof(JsonMap))]

[JsonSerializable(typeof(JsonSignal))]
[JsonSerializable(typeof(JsonSignalList))]
[JsonSerializable(typeof(JsonSignalState))]
[JsonSerializable(typeof(BenchDocument))]
[JsonSerializable(typeof(JsonRunReport))]
[JsonSerializable(typeof(JsonStress))]
[JsonSerializable(typeof(JsonMutexInfo))]
[JsonSerializable(typeof(JsonRwLockInfo))]
[JsonSerializable(typeof(JsonBarrierInfo))]
[JsonSerializable(typeof(JsonEventInfo))]
[JsonSerializable(typeof(JsonSharedQueueInfo))]
[JsonSerializable(typeof(JsonRequestInfo))]
[JsonSerializable(typeof(JsonSharedSemaphoreInfo))]
[JsonSerializable(typeof(JsonStreamInfo))]
[JsonSerializable(typeof(JsonChannelList))]
[JsonSerializable(typeof(JsonTopicInfo))]
[JsonSerializable(typeof(JsonWatch))]
internal sealed partial class JsonModel : JsonSerializerContext;
