using Isthmus.Native;

namespace Isthmus;

/// <summary>Who owns a System V object, and who may use it.</summary>
/// <param name="Key">Its key; <see cref="SystemVKey.Private"/> when it has none, or was removed while in use.</param>
/// <param name="User">The owner's user id.</param>
/// <param name="Group">The owner's group id.</param>
/// <param name="CreatorUser">The user id of its creator, who may remove it too.</param>
/// <param name="CreatorGroup">The group id of its creator.</param>
/// <param name="Mode">Who may read and write; execution means nothing here.</param>
public sealed record SystemVOwner(SystemVKey Key, uint User, uint Group, uint CreatorUser, uint CreatorGroup, UnixFileMode Mode)
{
    internal static SystemVOwner From(in LibC.ipc_perm permissions) => new(
        new SystemVKey(permissions.__key), permissions.uid, permissions.gid, permissions.cuid, permissions.cgid,
        (UnixFileMode)(permissions.mode & 0x1FF));

    /// <summary>
    /// Throws unless it belongs to us or to root, and was made by one of them: a creator keeps power over what was given away, and keys belong to all users.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>.</exception>
    internal void RequireTrusted(string call)
    {
        uint self = LibC.geteuid();
        if ((User != 0 && User != self) || (CreatorUser != 0 && CreatorUser != self))
        {
            throw PosixException.From(
                Errno.EPERM, call, Key.ToString(),
                $"It belongs to user {User} and was made by user {CreatorUser}; to open it nevertheless, accept any owner");
        }
    }
}
