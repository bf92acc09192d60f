using System.Globalization;
using System.Text;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Ends process groups when this process has ended, however it ended: a small <c>/bin/sh</c> that reads a pipe whose
/// other end only this
/// process holds. It is told each group before the group's first program runs; when it reads the end of file, this
/// process is
/// gone, and it sends SIGKILL to the groups. <c>PR_SET_PDEATHSIG</c> would not do: it is bound to a thread of the parent.
/// </summary>
/// <remarks>
/// A group's number stays taken while its leader is not reaped, or any member lives. When the leader has been reaped
/// and others of
/// its group live on, they stay guarded, and each second it is looked whether the group is empty; then the guardian
/// forgets the number, long before the kernel has gone round all pids and gives it out again.
/// </remarks>
internal static class Guardian
{
    private const string Shell = "/bin/sh";

    // $groups holds the numbers with a space before and after each. Everything is built into the shell.
    private const string Script = """
        trap '' HUP INT QUIT TERM
        groups=' '
        while read -r sign group; do
            case $sign in
            +) groups="$groups$group " ;;
            -) case $groups in *" $group "*) groups="${groups%%" $group "*} ${groups#*" $group "}" ;; esac ;;
            esac
        done
        for group in $groups; do kill -s KILL -- "-$group"; done
        """;

    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly Lock s_lock = new();

    // The guarded groups; true for those whose leader has been reaped.
    private static readonly Dictionary<int, bool> s_groups = [];
    private static readonly Timer s_timer = new(static _ => ForgetEmptyGroups());
    private static SafeFileHandle? s_pipe;

    /// <summary>How many groups are guarded.</summary>
    public static int GroupCount
    {
        get
        {
            lock (s_lock)
            {
                return s_groups.Count;
            }
        }
    }

    /// <summary>Guards the group; it need not exist yet.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no <c>/bin/sh</c>.</exception>
    public static void Add(int group)
    {
        lock (s_lock)
        {
            s_groups[group] = false;
            try
            {
                if (s_pipe is null || !TryTell('+', group))
                {
                    Start();
                }
            }
            catch
            {
                s_groups.Remove(group);
                throw;
            }
        }
    }

    /// <summary>Guards the group no longer; nothing happens when it is not guarded.</summary>
    public static void Remove(int group)
    {
        lock (s_lock)
        {
            if (s_groups.Remove(group))
            {
                TryTell('-', group);
            }
        }
    }

    /// <summary>The leader has ended and been reaped: from now on the group is guarded only while others are in
    /// it.</summary>
    public static void LeaderReaped(int group)
    {
        lock (s_lock)
        {
            if (s_groups.ContainsKey(group))
            {
                s_groups[group] = true;
                ForgetEmptyGroups();
            }
        }
    }

    private static void ForgetEmptyGroups()
    {
        lock (s_lock)
        {
            int[] leaderless = [.. s_groups.Where(group => group.Value).Select(group => group.Key)];
            foreach (int group in leaderless)
            {
                if (LibC.kill(-group, 0) < 0 && Errno.Last == Errno.ESRCH)
                {
                    Remove(group);
                }
            }
            s_timer.Change(s_groups.ContainsValue(true) ? s_period : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    // Also when the former one was killed: the new one is told all groups.
    private static unsafe void Start()
    {
        Stop();
        int* fds = stackalloc int[2];
        LibC.Check(LibC.pipe2(fds, LibC.O_CLOEXEC));
        using SafeFileHandle read = new(fds[0], ownsHandle: true);
        s_pipe = new SafeFileHandle(fds[1], ownsHandle: true);
        try
        {
            Spawn(read);
        }
        catch
        {
            Stop();
            throw;
        }
        foreach (int group in s_groups.Keys)
        {
            TryTell('+', group);
        }
    }

    private static void Spawn(SafeFileHandle read)
    {
        ChildProcessOptions options = new()
        {
            FileName = Shell,
            Arguments = ["-c", Script, "isthmus-guardian"],
            InheritsEnvironment = false,
            WorkingDirectory = "/",
            StandardInput = StandardStream.Handle(read),
            StandardOutput = StandardStream.Null,
            StandardError = StandardStream.Null,
            Group = ChildGroup.NewSession, // No terminal reaches it.
        };
        using ChildStreams streams = new(options);
        try
        {
            Birth birth = Birth.Now;
            using ChildReaper.Expectation expected = ChildReaper.Expect(birth);
            ChildProcess.TakeOver(Spawner.Spawn(Shell, options, streams, null), birth).Dispose(); // It is reaped when it ends.
        }
        catch (FileNotFoundException error)
        {
            throw new PlatformNotSupportedException("DiesWithParent needs a shell, /bin/sh, to outlive this process.", error);
        }
    }

    private static void Stop()
    {
        s_pipe?.Dispose();
        s_pipe = null;
    }

    // False when the guardian is gone (EPIPE). A line is written whole or not at all: it is shorter than PIPE_BUF.
    private static unsafe bool TryTell(char sign, int group)
    {
        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sign} {group}\n"));
        fixed (byte* bytes = line)
        {
            nint written;
            do
            {
                written = LibC.write(s_pipe!, bytes, (nuint)line.Length);
            }
            while (written < 0 && Errno.Last == Errno.EINTR);
            return written == line.Length;
        }
    }
}
