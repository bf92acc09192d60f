namespace Isthmus.Inspection;

/// <summary>A descriptor and what stands behind it.</summary>
/// <param name="Descriptor">Its number.</param>
/// <param name="Target">The object; for a socket its family is not known yet.</param>
/// <param name="Access">Null for <c>O_PATH</c>.</param>
/// <param name="Node">What was seen of the object; null for sockets, which the kernel's tables tell about.</param>
internal readonly record struct DescriptorFinding(int Descriptor, NodeId Target, FileAccess? Access, ObjectNode? Node);
