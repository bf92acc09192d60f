using System.Diagnostics.CodeAnalysis;
using System.Text;
using Isthmus.Native;

namespace Isthmus;

/// <summary>What the child does between its creation and the start of the program
/// (<c>posix_spawn_file_actions_init(3)</c>), in this order.</summary>
internal unsafe ref struct SpawnActions : IDisposable
{
    private LibC.posix_spawn_file_actions_t _actions;

    public static void Initialize(out SpawnActions actions)
    {
        actions = default;
        fixed (LibC.posix_spawn_file_actions_t* native = &actions._actions)
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_init(native));
        }
    }

    /// <summary>The native object, valid while this struct stays where it is: on the caller's stack.</summary>
    [UnscopedRef]
    public ref LibC.posix_spawn_file_actions_t Native => ref _actions;

    public void Close(int fd)
    {
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_addclose(actions, fd));
        }
    }

    /// <summary>Closes <paramref name="fd"/> where it is open, then opens the file under that number.</summary>
    public void Open(int fd, string path, int flags)
    {
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_addopen(actions, fd, name, flags, 0));
        }
    }

    /// <summary>Copies a descriptor; to its own number, it only stays open across exec.</summary>
    public void Copy(int fd, int target)
    {
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_adddup2(actions, fd, target));
        }
    }

    public void ChangeDirectory(string path)
    {
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        fixed (byte* name = Encoding.UTF8.GetBytes(path + "\0"))
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_addchdir_np(actions, name));
        }
    }

    /// <summary>Makes the child's group the foreground group of its controlling terminal; <paramref name="fd"/> is
    /// free for use.</summary>
    public void TakeTerminal(int fd)
    {
        Open(fd, "/dev/tty", LibC.O_RDWR);
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_addtcsetpgrp_np(actions, fd));
        }
    }

    public void CloseFrom(int lowestFd)
    {
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_addclosefrom_np(actions, lowestFd));
        }
    }

    public void Dispose()
    {
        fixed (LibC.posix_spawn_file_actions_t* actions = &_actions)
        {
            _ = LibC.posix_spawn_file_actions_destroy(actions);
        }
    }
}
