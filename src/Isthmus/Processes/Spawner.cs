using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// One <c>posix_spawn(3)</c>. The child shares this process's memory until it executes (vfork), so its cost does not
/// grow with
/// that memory; and it is native code that runs in it, so the runtime never notices.
/// </summary>
internal static class Spawner
{
    private static readonly LibC.sigset_t s_allSignals = LibC.sigset_t.Full;
    private static readonly LibC.sigset_t s_noSignals;

    /// <summary>Starts the program on the calling thread; returns its pid.</summary>
    public static unsafe int Spawn(string path, ChildProcessOptions options, ChildStreams streams, SpawnGate? gate)
    {
        using NativeStrings file = new([path], nameof(options.FileName));
        using NativeStrings arguments = new([options.ArgumentZero ?? options.FileName, .. options.Arguments], nameof(options.Arguments));
        using NativeStrings environment = new(EnvironmentBlock.Create(options.Environment, options.InheritsEnvironment), nameof(options.Environment));
        SpawnActions.Initialize(out SpawnActions actions);
        LibC.posix_spawnattr_t attributes;
        LibC.CheckReturned(LibC.posix_spawnattr_init(&attributes));
        try
        {
            SetAttributes(&attributes, options, streams);
            AddActions(ref actions, options, streams, gate);
            int pid;
            int error;
            fixed (LibC.posix_spawn_file_actions_t* native = &actions.Native)
            {
                error = LibC.posix_spawn(&pid, file.First, native, &attributes, arguments.Pointer, environment.Pointer);
            }
            return error == 0 ? pid : throw StartError((Errno)error, path, options);
        }
        finally
        {
            _ = LibC.posix_spawnattr_destroy(&attributes);
            actions.Dispose();
        }
    }

    // Every signal at its default, none blocked: the runtime ignores SIGPIPE, and this thread may block others.
    private static unsafe void SetAttributes(LibC.posix_spawnattr_t* attributes, ChildProcessOptions options, ChildStreams streams)
    {
        short flags = LibC.POSIX_SPAWN_SETSIGDEF | LibC.POSIX_SPAWN_SETSIGMASK;
        fixed (LibC.sigset_t* all = &s_allSignals, none = &s_noSignals)
        {
            LibC.CheckReturned(LibC.posix_spawnattr_setsigdefault(attributes, all));
            LibC.CheckReturned(LibC.posix_spawnattr_setsigmask(attributes, none));
        }
        if (options.Group == ChildGroup.NewSession || streams.Terminal is not null)
        {
            flags |= LibC.POSIX_SPAWN_SETSID;
        }
        else if (options.LeadsGroup || options.JoinGroup != 0)
        {
            flags |= LibC.POSIX_SPAWN_SETPGROUP;
            LibC.CheckReturned(LibC.posix_spawnattr_setpgroup(attributes, options.JoinGroup));
        }
        LibC.CheckReturned(LibC.posix_spawnattr_setflags(attributes, flags));
    }

    private static void AddActions(ref SpawnActions actions, ChildProcessOptions options, ChildStreams streams, SpawnGate? gate)
    {
        (int Source, int Target)[] copies = [.. streams.Descriptors.Copies()];
        int end = streams.Descriptors.End;
        gate?.AddActions(ref actions, end, copies.Select(static copy => copy.Source));
        if (options.WorkingDirectory is { } directory)
        {
            actions.ChangeDirectory(directory);
        }
        foreach ((int source, int target) in copies)
        {
            actions.Copy(source, target);
        }
        streams.AddTerminalActions(ref actions);
        if (streams.ErrorsToOutput)
        {
            actions.Copy(1, 2);
        }
        if (options.TakesTerminal)
        {
            // All copies are made: the numbers from here on are free.
            actions.TakeTerminal(end);
        }
        for (int gap = DescriptorMap.StandardCount; gap < end; gap++)
        {
            if (!streams.Descriptors.Contains(gap))
            {
                actions.Close(gap);
            }
        }
        actions.CloseFrom(end);
    }

    // posix_spawn tells one number for all that the child did; where it may have been the directory, look.
    private static Exception StartError(Errno errno, string path, ChildProcessOptions options)
    {
        if (options.WorkingDirectory is { } directory
            && errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES or Errno.ELOOP or Errno.ENAMETOOLONG)
        {
            using SafeFileHandle opened = LibC.open(directory + "/.", LibC.O_PATH | LibC.O_CLOEXEC);
            if (opened.IsInvalid)
            {
                return PosixException.From(Errno.Last, "chdir", directory, "It was to be the child's working directory.");
            }
        }
        return PosixException.From(errno, "posix_spawn", path, ExecutableSearch.Hint(errno, path));
    }
}
