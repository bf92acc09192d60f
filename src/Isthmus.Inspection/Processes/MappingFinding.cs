namespace Isthmus.Inspection;

/// <summary>A range of addresses through which a process shares memory.</summary>
internal readonly record struct MappingFinding(ulong Start, ulong End, NodeId Target, FileAccess? Access, string? Name, bool IsDeleted);
