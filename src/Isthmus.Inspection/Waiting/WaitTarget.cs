namespace Isthmus.Inspection;

/// <summary>Something whose change would end a wait.</summary>
/// <param name="Node">The object; or the process, when its end is waited for.</param>
/// <param name="Access">Whether data (<see cref="FileAccess.Read"/>) or room (<see cref="FileAccess.Write"/>) is waited for.</param>
/// <param name="Descriptor">The descriptor by which it is waited for.</param>
public readonly record struct WaitTarget(NodeId Node, FileAccess Access, int? Descriptor);
