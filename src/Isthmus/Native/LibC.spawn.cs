using System.Runtime.InteropServices;

namespace Isthmus.Native;

// spawn.h
internal static partial class LibC
{
    public const short POSIX_SPAWN_RESETIDS = 1, POSIX_SPAWN_SETPGROUP = 2, POSIX_SPAWN_SETSIGDEF = 4, POSIX_SPAWN_SETSIGMASK = 8;
    public const short POSIX_SPAWN_SETSID = 0x80;

    /// <summary>Opaque. 336 bytes in glibc, as much in musl; larger is harmless.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 336)]
    public struct posix_spawnattr_t
    {
        private readonly long _opaque;
    }

    /// <summary>Opaque. 80 bytes in glibc, as much in musl.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 80)]
    public struct posix_spawn_file_actions_t
    {
        private readonly long _opaque;
    }

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn(
        int* pid, byte* path, posix_spawn_file_actions_t* actions, posix_spawnattr_t* attributes, byte** arguments, byte** environment);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawnattr_init(posix_spawnattr_t* attributes);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawnattr_destroy(posix_spawnattr_t* attributes);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawnattr_setflags(posix_spawnattr_t* attributes, short flags);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawnattr_setpgroup(posix_spawnattr_t* attributes, int group);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawnattr_setsigmask(posix_spawnattr_t* attributes, sigset_t* set);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawnattr_setsigdefault(posix_spawnattr_t* attributes, sigset_t* set);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_init(posix_spawn_file_actions_t* actions);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t* actions);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_addopen(
        posix_spawn_file_actions_t* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* actions, int fd, int newFd);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t* actions, int fd);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t* actions, byte* path);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_addtcsetpgrp_np(posix_spawn_file_actions_t* actions, int terminalFd);

    [LibraryImport(Libc)]
    public static unsafe partial int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t* actions, int lowestFd);
}
