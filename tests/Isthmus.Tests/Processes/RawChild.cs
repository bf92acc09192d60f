using System.Text;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>
/// A child made by a bare <c>posix_spawn</c>, that nobody reaps unless the test does; so that what is tested here needs
/// nothing that is built upon it. What it prints is lost: one that a failed test leaves behind must not hold the pipe that somebody
/// reads the test run's output from.
/// </summary>
internal static class RawChild
{
    /// <summary>Runs a shell command in a process group of its own; the child's number.</summary>
    public static int Start(string command) => Start("/bin/sh", "-c", command);

    /// <summary>Runs a shell command once a file exists: for a child that must not end before the test is ready for it.</summary>
    public static int StartAwaiting(string path, string command) => Start($"until [ -e '{path}' ]; do sleep 0.01; done; {command}");

    public static unsafe int Start(params string[] arguments)
    {
        byte[][] strings = [.. arguments.Select(argument => Encoding.UTF8.GetBytes(argument + '\0'))];
        byte** argv = stackalloc byte*[strings.Length + 1];
        byte* text = stackalloc byte[strings.Sum(each => each.Length)];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i].CopyTo(new Span<byte>(text, strings[i].Length));
            argv[i] = text;
            text += strings[i].Length;
        }
        argv[strings.Length] = null;
        LibC.posix_spawnattr_t attributes;
        LibC.CheckReturned(LibC.posix_spawnattr_init(&attributes));
        LibC.CheckReturned(LibC.posix_spawnattr_setflags(&attributes, LibC.POSIX_SPAWN_SETPGROUP));
        LibC.posix_spawn_file_actions_t actions;
        LibC.CheckReturned(LibC.posix_spawn_file_actions_init(&actions));
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            LibC.CheckReturned(LibC.posix_spawn_file_actions_addopen(&actions, 1, nothing, LibC.O_WRONLY, 0));
        }
        LibC.CheckReturned(LibC.posix_spawn_file_actions_adddup2(&actions, 1, 2));
        int pid;
        int error = LibC.posix_spawn(&pid, argv[0], &actions, &attributes, argv, null);
        LibC.CheckReturned(LibC.posix_spawn_file_actions_destroy(&actions));
        LibC.CheckReturned(LibC.posix_spawnattr_destroy(&attributes));
        LibC.CheckReturned(error);
        return pid;
    }

    /// <summary>The handle that <c>ChildProcess</c> would make of it, born some time ago.</summary>
    public static ProcessHandle Handle(int pid) => ProcessHandle.OfChild(pid, Birth.Now with { BootTick = -1 });

    /// <summary>Starts a command and waits until it has ended; its zombie is left.</summary>
    public static int StartAndAwaitZombie(string command)
    {
        int pid = Start(command);
        using SafeFileHandle pidfd = LibC.Check(LibC.pidfd_open(pid, 0));
        Assert.True(Poll.Wait(pidfd, LibC.POLLIN, Deadline.After(Harness.Child.Limit)), "The child did not end.");
        return pid;
    }

    /// <summary>Reaps a child by its number, as the code that started it would; its exit code, or minus the signal.</summary>
    public static unsafe int Reap(int pid)
    {
        LibC.siginfo_t info;
        nint result;
        do
        {
            result = LibC.syscall_waitid(LibC.SYS_waitid, LibC.P_PID, pid, &info, LibC.WEXITED, null);
        }
        while (result < 0 && Errno.Last == Errno.EINTR);
        LibC.Check(result);
        return info.si_code == LibC.CLD_EXITED ? info.si_status : -info.si_status;
    }

    public static bool IsGone(int pid) => !Directory.Exists($"/proc/{pid}");
}
