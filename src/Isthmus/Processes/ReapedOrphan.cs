namespace Isthmus;

/// <summary>A process whose parent had died and whose zombie a <see cref="Subreaper"/> took away.</summary>
/// <param name="Identity">Which process it was.</param>
/// <param name="Name">Its name as the kernel showed it.</param>
/// <param name="Status">How it ended, and what it used.</param>
public readonly record struct ReapedOrphan(ProcessIdentity Identity, string Name, ExitStatus Status);
