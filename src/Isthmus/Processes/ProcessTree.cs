using System.Diagnostics;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A process and all its descendants, caught: each is stopped before its children are read, so that none can start
/// another unseen. Who was stopped by this goes on with <see cref="Continue"/>. A descendant whose own parent has died
/// before belongs to somebody else by then and is not found.
/// </summary>
internal sealed class ProcessTree : IDisposable
{
    // A process that sleeps in the kernel, for a disk say, stops when it wakes; it cannot start others before.
    private static readonly TimeSpan s_timeToStop = TimeSpan.FromMilliseconds(100);

    private readonly List<ProcessHandle> _members = [];
    private readonly List<ProcessHandle> _stopped = [];
    private readonly Dictionary<ProcessHandle, UnauthorizedAccessException> _refused = [];

    private ProcessTree()
    {
    }

    /// <summary>Some member that could be signalled has not ended.</summary>
    public bool IsLeft => _members.Exists(member => !_refused.ContainsKey(member) && !member.HasExited);

    /// <summary>
    /// All that were found, parents before their children; the first is the root, which the caller owns.
    /// </summary>
    public IReadOnlyList<ProcessHandle> Members => _members;

    /// <summary>Stops and lists the tree below a process, or only lists it.</summary>
    /// <exception cref="InvalidOperationException">
    /// This process is in that tree; it cannot stop itself and go on.
    /// </exception>
    public static ProcessTree Catch(ProcessHandle root, bool stop)
    {
        ThrowIfAncestor(root);
        ProcessTree tree = new();
        tree._members.Add(root);
        try
        {
            // A list may miss a child when another one ends just then: look until nothing new is found.
            while (tree.Extend(stop))
            {
            }
            return tree;
        }
        catch
        {
            tree.Continue();
            tree.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends a signal to every member; true when one of them got it. An error is thrown after all were tried.
    /// </summary>
    public bool Send(Signal signal)
    {
        bool sent = TrySend(signal);
        return _refused.Count == 0 ? sent : throw _refused.Values.First();
    }

    /// <summary>As <see cref="Send"/>; who may not be signalled is remembered.</summary>
    public bool TrySend(Signal signal)
    {
        bool sent = false;
        foreach (ProcessHandle member in _members)
        {
            try
            {
                sent |= member.Send(signal);
            }
            catch (UnauthorizedAccessException error)
            {
                _refused[member] = error;
            }
        }
        return sent;
    }

    /// <summary>Throws when the root was sent a signal that it may not be sent.</summary>
    public void ThrowIfRootRefused()
    {
        if (_refused.TryGetValue(_members[0], out UnauthorizedAccessException? error))
        {
            throw error;
        }
    }

    /// <summary>Lets those go on that were not stopped already when they were caught.</summary>
    public void Continue()
    {
        foreach (ProcessHandle member in _stopped)
        {
            member.Send(Signal.SIGCONT);
        }
        _stopped.Clear();
    }

    public void Dispose()
    {
        foreach (ProcessHandle member in _members.Skip(1))
        {
            member.Dispose();
        }
    }

    private bool Extend(bool stop)
    {
        int before = _members.Count;
        // The list grows while it is walked: breadth first.
        for (int i = 0; i < _members.Count; i++)
        {
            if (stop)
            {
                Stop(_members[i]);
            }
            AddChildren(_members[i]);
        }
        return _members.Count > before;
    }

    private void AddChildren(ProcessHandle parent)
    {
        if (!parent.TryReadStat(out _))
        {
            return;
        }
        foreach (ProcessHandle child in parent.TryOpenChildren())
        {
            if (_members.Exists(member => member.Identity == child.Identity))
            {
                child.Dispose();
            }
            else
            {
                _members.Add(child);
            }
        }
    }

    private void Stop(ProcessHandle process)
    {
        if (_stopped.Contains(process) || !process.TryReadStat(out ProcStat stat) || stat.State is 'T' or 'Z' or 'X')
        {
            return;
        }
        try
        {
            if (!process.Send(Signal.SIGSTOP))
            {
                return;
            }
        }
        catch (UnauthorizedAccessException)
        {
            return; // It cannot be signalled either; that error is told when all the others have been.
        }
        _stopped.Add(process);
        AwaitStopped(process);
    }

    // Stopping takes effect thread by thread, and nothing announces it to those who are not the parent.
    private static void AwaitStopped(ProcessHandle process)
    {
        long start = Stopwatch.GetTimestamp();
        while (!HasStopped(process) && Stopwatch.GetElapsedTime(start) < s_timeToStop)
        {
            Thread.Sleep(0);
        }
    }

    private static bool HasStopped(ProcessHandle process)
    {
        try
        {
            return ThreadInfo.Read(process.Id).All(thread =>
                thread.State is ThreadRunState.Stopped or ThreadRunState.Traced
                    or ThreadRunState.Zombie or ThreadRunState.Dead);
        }
        catch (PosixException error) when (error.Errno == Errno.ESRCH)
        {
            return true;
        }
    }

    private static void ThrowIfAncestor(ProcessHandle root)
    {
        int self = LibC.getpid();
        for (int id = self; id > 0 && ProcStat.TryRead(ProcFs.Of(id) + "/stat", out ProcStat stat); id = stat.ParentId)
        {
            if (id == root.Id)
            {
                throw new InvalidOperationException(id == self
                    ? "This process cannot signal its own tree; signal its children."
                    : "This process is in the tree of its ancestor; it would stop itself.");
            }
        }
    }
}
