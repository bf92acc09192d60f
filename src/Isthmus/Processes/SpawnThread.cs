using System.Runtime.ExceptionServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A thread that starts one child and ends. Umask, nice, affinity and credentials belong to a thread in Linux (raw
/// system calls; libc's wrappers change all threads), and the child takes them from the thread that creates it. It
/// also sleeps in posix_spawn as long as a <see cref="SpawnGate"/> holds the child.
/// </summary>
internal sealed class SpawnThread
{
    private readonly string _path;
    private readonly ChildProcessOptions _options;
    private readonly ChildStreams _streams;
    private readonly SpawnGate? _gate;
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;
    private volatile int _tid;
    private int _pid;

    private SpawnThread(string path, ChildProcessOptions options, ChildStreams streams, SpawnGate? gate)
    {
        _path = path;
        _options = options;
        _streams = streams;
        _gate = gate;
        _thread = new Thread(Run) { Name = "isthmus-spawn", IsBackground = true };
        _thread.UnsafeStart();
    }

    public static bool IsNeeded(ChildProcessOptions options) =>
        options.DiesWithParent || options.Limits.Count > 0 || SpawnAttributes.Any(options);

    /// <summary>Starts the program; returns its pid.</summary>
    public static int Spawn(string path, ChildProcessOptions options, ChildStreams streams)
    {
        bool held = options.DiesWithParent || options.Limits.Count > 0;
        if (held)
        {
            ChildrenFile.ThrowIfMissing();
        }
        if (options.User is { } user)
        {
            // The child opens it, and is that user by then.
            streams.Terminal?.GiveTo(user.UserId);
        }
        using SpawnGate? gate = held ? SpawnGate.Enter() : null;
        using DumpableScope dumpable = DumpableScope.Enter(options.User is not null);
        SpawnThread thread = new(path, options, streams, gate);
        return gate is null ? thread.Join() : thread.SetUpHeldChild(gate);
    }

    private void Run()
    {
        _tid = LibC.gettid();
        _error = Catch(() =>
        {
            SpawnAttributes.Apply(_options);
            _pid = Spawner.Spawn(_path, _options, _streams, _gate);
        });
        _gate?.Ring();
    }

    private int Join()
    {
        _thread.Join();
        _error?.Throw();
        return _pid;
    }

    private int SetUpHeldChild(SpawnGate gate)
    {
        gate.WaitForRing();
        int held = 0;
        try
        {
            held = ChildrenFile.OfThread(_tid);
            if (held != 0)
            {
                ApplyLimits(held);
                if (_options.DiesWithParent)
                {
                    Guardian.Add(held);
                }
                gate.Open();
            }
        }
        catch
        {
            Guardian.Remove(held);
            // It ends by itself, and posix_spawn reaps it.
            gate.TurnAway();
            _thread.Join();
            throw;
        }
        try
        {
            return Join();
        }
        catch
        {
            Guardian.Remove(held);
            throw;
        }
    }

    // A process may set the limits of another user's process only with CAP_SYS_RESOURCE, which root may lack in a
    // container: then a thread that has become the child's user does it.
    private void ApplyLimits(int held)
    {
        try
        {
            ApplyAll();
        }
        catch (UnauthorizedAccessException) when (_options.User is not null)
        {
            ExceptionDispatchInfo? error = null;
            Thread thread = new(() => error = Catch(() =>
            {
                SpawnAttributes.Apply(_options.User);
                ApplyAll();
            }));
            thread.UnsafeStart();
            thread.Join();
            error?.Throw();
        }

        void ApplyAll()
        {
            foreach (ResourceLimit limit in _options.Limits)
            {
                limit.ApplyTo(held);
            }
        }
    }

    private static ExceptionDispatchInfo? Catch(Action action)
    {
        try
        {
            action();
            return null;
        }
#pragma warning disable CA1031 // Not swallowed: thrown again by the thread that waits.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return ExceptionDispatchInfo.Capture(error);
        }
    }

    public static unsafe void Reap(int pid)
    {
        LibC.siginfo_t info = default;
        while (LibC.syscall_waitid(LibC.SYS_waitid, LibC.P_PID, pid, &info, LibC.WEXITED, null) < 0 && Errno.Last == Errno.EINTR)
        {
        }
    }
}
