using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Who is at the other end: of a connection, fixed when it was made (<c>SO_PEERCRED</c>); of a message, stated by its
/// sender and checked by the kernel (<c>SCM_CREDENTIALS</c>). A user id proves something; a process id is a hint only,
/// because numbers are used again: <see cref="UnixSocket.OpenPeerPidfd"/> holds on to the process.
/// </summary>
/// <param name="ProcessId">The process, as this pid namespace numbers it; 0 when it cannot be seen from here.</param>
/// <param name="UserId">The effective user id.</param>
/// <param name="GroupId">The effective group id.</param>
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    internal bool IsThisUserOrRoot => UserId == 0 || UserId == LibC.geteuid();
}
