using Isthmus.Native;

namespace Isthmus;

// What /proc tells of the process. Each answer is checked to be about this process: it still held its number
// afterwards.
#pragma warning disable CA2000 // What is opened here is the caller's.
public sealed partial class ProcessHandle
{
    /// <summary>
    /// The process's name as the kernel shows it, at most 15 bytes (<c>/proc/PID/comm</c>); also of a zombie.
    /// </summary>
    /// <exception cref="PosixException"><c>ESRCH</c> it has ended and is reaped.</exception>
    public string Name => ReadStat().Name;

    /// <summary>
    /// Opens its parent: who reaps it. Null when it has none here: it is the first of its pid namespace, or its parent
    /// lives in an outer one. When a parent dies, another becomes the parent (<see cref="Subreaper"/>).
    /// </summary>
    /// <exception cref="PosixException"><c>ESRCH</c> it has ended and is reaped.</exception>
    public ProcessHandle? OpenParent()
    {
        while (true)
        {
            int id = ReadStat().ParentId;
            if (id == 0)
            {
                return null;
            }
            // Still the parent afterwards: so what was opened is not a later process with the number of a parent that
            // died.
            if (OpenIf(id, _ => ReadStat().ParentId == id) is { } parent)
            {
                return parent;
            }
        }
    }

    /// <summary>
    /// Opens its children, zombies included. Those that it starts or that end meanwhile may be missing.
    /// </summary>
    /// <exception cref="PosixException"><c>ESRCH</c> it has ended and is reaped.</exception>
    public IReadOnlyList<ProcessHandle> OpenChildren()
    {
        IReadOnlyList<ProcessHandle> children = TryOpenChildren();
        ReadStat();
        return children;
    }

    /// <summary>Its threads, by number.</summary>
    /// <exception cref="PosixException"><c>ESRCH</c> it has ended and is reaped.</exception>
    public IReadOnlyList<ThreadInfo> ReadThreads()
    {
        IReadOnlyList<ThreadInfo> threads = ThreadInfo.Read(Id);
        ReadStat();
        return threads;
    }

    /// <summary>As <see cref="OpenChildren"/>; of a process that has ended, none.</summary>
    internal IReadOnlyList<ProcessHandle> TryOpenChildren()
    {
        List<ProcessHandle> children = [];
        try
        {
            foreach (int id in ChildrenFile.Read(Id))
            {
                if (OpenIf(id, IsChild) is { } child)
                {
                    children.Add(child);
                }
            }
        }
        catch (PosixException error) when (error.Errno == Errno.ESRCH)
        {
            // It has just been reaped.
        }
        return children;
    }

    internal ProcStat ReadStat() =>
        TryReadStat(out ProcStat stat) ? stat : throw ProcessIdentity.NoSuchProcess(Id, "It has ended");

    internal bool TryReadStat(out ProcStat stat)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        stat = default;
        return !_pidfd.IsInvalid && ProcStat.TryRead(ProcFs.Of(Id) + "/stat", out stat) && PidFd.HoldsItsNumber(_pidfd);
    }

    private bool IsChild(ProcessHandle candidate) => candidate.TryReadStat(out ProcStat stat) && stat.ParentId == Id;

    private static ProcessHandle? OpenIf(int id, Func<ProcessHandle, bool> condition)
    {
        ProcessHandle? process = null;
        try
        {
            ProcessHandle? wanted = TryOpen(id, out process) && condition(process) ? process : null;
            process = wanted is null ? process : null;
            return wanted;
        }
        finally
        {
            process?.Dispose();
        }
    }
}
