namespace Isthmus.Inspection;

/// <summary>A lock that a descriptor has.</summary>
internal readonly record struct LockFinding(int Descriptor, LockLine Lock);
