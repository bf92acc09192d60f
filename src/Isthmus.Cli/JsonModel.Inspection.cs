namespace Isthmus.Cli;

/// <summary>
/// Of <c>ls</c>, and of <c>show OBJECT</c>. Hidden_processes counts those whose descriptors could not be looked at; gaps are what of the machine
/// could not: message_queue_names, socket_peers, system_v, locks.
/// </summary>
internal sealed record JsonObjectList(IReadOnlyList<JsonInspectedObject> Objects, int HiddenProcesses, IReadOnlyList<string> Gaps) : JsonDocument;

/// <summary>An object and who uses it; null is what its kind does not have, or what could not be seen.</summary>
internal sealed record JsonInspectedObject(
    JsonObject Object, uint? Uid, uint? Gid, string? Mode, long? Size, long? Fill, long? Capacity, bool Deleted, bool Runtime,
    JsonSocketFacts? Socket, JsonLockFacts? Lock, JsonSystemVFacts? SystemV, string? SegmentKind, IReadOnlyList<JsonUse> Users);

/// <summary>What only sockets have.</summary>
internal sealed record JsonSocketFacts(string Form, string State, JsonObject? Peer, string? PeerName, long? ToSend);

/// <summary>What only locks have; length 0 is all that follows.</summary>
internal sealed record JsonLockFacts(string Flavour, string Mode, long Start, long Length, JsonObject File);

/// <summary>What the kernel notes of System V objects.</summary>
internal sealed record JsonSystemVFacts(int? CreatorPid, int? LastPid, int? LastReceiverPid, long? Attached, long? Bytes);

/// <summary>
/// Relation is open, listens, maps, takes_part (in a segment), holds (a lock) or waits; access r, w or rw; tid the thread that waits.
/// </summary>
internal sealed record JsonUse(JsonProcess Process, string Relation, int? Descriptor, string? Access, int? Tid);

/// <summary>Of <c>ps</c>.</summary>
internal sealed record JsonProcessList(IReadOnlyList<JsonInspectedProcess> Processes) : JsonDocument;

/// <summary>
/// A process. Not_permitted are parts that may not be read: descriptors, mappings, threads. Detail stands in <c>show</c> only.
/// </summary>
internal sealed record JsonInspectedProcess(
    JsonProcess Process, IReadOnlyList<string> Command, int ParentPid, int Group, int Session, string State, uint Uid, uint EffectiveUid,
    long UserTime, long SystemTime, long VirtualMemory, long ResidentMemory, int Threads, int? Descriptors, bool KernelThread, bool Dotnet,
    IReadOnlyList<string> NotPermitted, JsonProcessDetail? Detail);

/// <summary>What is told of one process only; null is what may not be read.</summary>
internal sealed record JsonProcessDetail(
    string? Executable, string? WorkingDirectory, string? Root, IReadOnlyDictionary<string, ulong>? Namespaces, IReadOnlyList<string>? Cgroups,
    IReadOnlyList<JsonLimit>? Limits, IReadOnlyList<JsonSignalMasks>? Signals, IReadOnlyList<JsonMemoryRange>? Memory,
    long? ReadBytes, long? WrittenBytes);

/// <summary>Null for unlimited.</summary>
internal sealed record JsonLimit(string Resource, long? Soft, long? Hard);

/// <summary>Signals of a thread; shared_pending, ignored and caught are the process's.</summary>
internal sealed record JsonSignalMasks(
    int Tid, IReadOnlyList<string> Blocked, IReadOnlyList<string> Pending, IReadOnlyList<string> SharedPending, IReadOnlyList<string> Ignored,
    IReadOnlyList<string> Caught);

/// <summary>A range of addresses; start is hexadecimal.</summary>
internal sealed record JsonMemoryRange(
    string Start, long Length, string Kind, string Access, string? Name, int? Tid, long Resident, long Proportional, long Swapped);

/// <summary>A thread and where it waits.</summary>
internal sealed record JsonThread(
    int Tid, string Name, string State, int LastCpu, long UserTime, long SystemTime, string Wait, string? Call, string? Channel, bool HasTimeout);

/// <summary>Of <c>show PID</c>.</summary>
internal sealed record JsonProcessView(
    JsonInspectedProcess Process, IReadOnlyList<JsonThread> Threads, IReadOnlyList<JsonHeldObject> Objects, int HiddenProcesses) : JsonDocument;

/// <summary>An object that the process uses, how, and who else does; of a connected socket, who has its other end.</summary>
internal sealed record JsonHeldObject(JsonObject Object, string Relation, int? Descriptor, string? Access, IReadOnlyList<JsonUse> Others);

/// <summary>
/// Of <c>why</c>: a chain for each thread of the process, or for each deadlock of the machine; then process is null. Hidden processes may hold ends
/// and locks, too.
/// </summary>
internal sealed record JsonReason(JsonProcess? Process, IReadOnlyList<JsonWaitChain> Chains, int HiddenProcesses) : JsonDocument;

/// <summary>
/// End is runs, deadlock, stopped, sleeps, outside, nobody_seen, not_permitted, unknown or ended; cycle holds the processes of a deadlock.
/// </summary>
internal sealed record JsonWaitChain(
    string Text, string End, JsonProcess? Culprit, IReadOnlyList<JsonProcess> Cycle, IReadOnlyList<JsonWaitStep> Steps);

/// <summary>One who waits; the first of the holders is the next one.</summary>
internal sealed record JsonWaitStep(
    JsonProcess Process, int? Tid, string Wait, string? Call, string? Channel, bool HasTimeout, JsonObject? Object, int? Descriptor,
    IReadOnlyList<JsonWaitHolder> Holders);

/// <summary>Tid is the only thread that can end the wait; null when any can.</summary>
internal sealed record JsonWaitHolder(JsonProcess Process, int? Tid);

/// <summary>Of <c>map</c>. Hidden processes may be connected, too.</summary>
internal sealed record JsonMap(IReadOnlyList<JsonMapNode> Nodes, IReadOnlyList<JsonMapEdge> Edges, int HiddenProcesses) : JsonDocument;

/// <summary>
/// Kind and id as in <c>ls</c>, kind process with its number; stuck is a process that is stopped, or a part of a deadlock. Rate is a second's, in unit (bytes
/// or messages), with --interval; null what is not told.
/// </summary>
internal sealed record JsonMapNode(string Kind, string Id, string Label, bool Stuck, int Distance, long? Fill, long? Capacity, double? Rate, string? Unit);

/// <summary>From and to are kind:id. Relation is reads, writes, open, listens, maps, takes part, holds, waits, connected or watches.</summary>
internal sealed record JsonMapEdge(string From, string To, string Relation);

/// <summary>Of <c>clean</c>.</summary>
internal sealed record JsonLeftovers(IReadOnlyList<JsonLeftover> Leftovers) : JsonDocument;

/// <summary>State is left_over, unprovable, removed, in_use (somebody has it since) or refused (it could not be removed).</summary>
internal sealed record JsonLeftover(string Kind, string Name, uint? Uid, long? Size, string State, string Reason);

/// <summary>Of <c>doctor</c>.</summary>
internal sealed record JsonDoctor(IReadOnlyList<JsonFinding> Findings) : JsonDocument;

/// <summary>State is ok, limited or missing.</summary>
internal sealed record JsonFinding(string Name, string State, string Value, string Means);
