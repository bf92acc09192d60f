namespace Isthmus.Native;

// sys/mount.h. fsopen and its kin are called as raw system calls: glibc wraps them since 2.36, musl does not.
internal static partial class LibC
{
    public const uint FSOPEN_CLOEXEC = 1, FSMOUNT_CLOEXEC = 1, FSCONFIG_CMD_CREATE = 6;
}
