namespace Isthmus.Inspection;

/// <summary>
/// Names a process and how far it has come: as long as it is the same, that process has not run, and nothing has changed that only it can change.
/// </summary>
/// <param name="Id">Its number.</param>
/// <param name="Inode">Of its directory in <c>/proc</c>, which no later process of that number has.</param>
/// <param name="CpuNanoseconds">The CPU time it has used; negative when that cannot be told.</param>
internal readonly record struct ProcessSign(int Id, ulong Inode, long CpuNanoseconds);
