using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Reads one process after the other, each of its files once, into buffers that are used again. Not thread-safe: each worker of a sweep has
/// its own.
/// </summary>
internal sealed class ProcessReader(DirectoryReader proc, MountTable mounts, HashSet<ulong>? lockedInodes, SnapshotParts parts)
{
    private const char ZombieState = 'Z';

    private readonly DirectoryReader _proc = proc;
    private readonly SnapshotParts _parts = parts;
    private readonly DescriptorReader _descriptors = new(mounts, lockedInodes);
    private readonly MappingReader _mappings = new();
    private readonly WaitReader _waits = new();
    private readonly byte[] _name = new byte[ByteText.NameMax];
    private readonly byte[] _text = new byte[4096];
    private readonly byte[] _entries = new byte[32 * 1024];
    private byte[] _long = new byte[64 * 1024];

    private static ReadOnlySpan<byte> StatFile => "stat\0"u8;

    private static ReadOnlySpan<byte> StatusFile => "status\0"u8;

    private static ReadOnlySpan<byte> CommandLineFile => "cmdline\0"u8;

    private static ReadOnlySpan<byte> TaskDirectory => "task\0"u8;

    /// <summary>Null when it has ended.</summary>
    public ProcessFindings? Read(ProcessSign sign)
    {
        using DirectoryReader? directory = _proc.TryOpen(ByteText.Name(sign.Id, _name), out _);
        if (directory is null || !TryReadStat(directory, out ProcStat stat))
        {
            return null;
        }
        int length = directory.Read(StatusFile, _text);
        if (length < 0)
        {
            return null;
        }
        StatusText status = StatusText.Parse(_text.AsSpan(0, length));
        // When only the main thread has ended, the others have all that the process's own directory has no more.
        using DirectoryReader? living = stat is { State: ZombieState, ThreadCount: > 1 } ? OpenLivingThread(directory) : null;
        DirectoryReader place = living ?? directory;
        bool hasMemory = living is not null || stat.VirtualBytes != 0;
        ProcessFindings findings = new()
        {
            Sign = sign,
            Process = Describe(sign.Id, stat, status, hasMemory ? ReadCommandLine(place) : []),
        };
        if (hasMemory)
        {
            ReadParts(place, findings);
        }
        if ((_parts & SnapshotParts.Threads) != 0 && !findings.Process.IsKernelThread)
        {
            ReadThreads(directory, stat, findings);
        }
        return findings;
    }

    private static ProcessNode Describe(int id, in ProcStat stat, in StatusText status, IReadOnlyList<string> commandLine) => new()
    {
        Id = id,
        StartTime = stat.StartTime,
        Name = stat.Name,
        CommandLine = commandLine,
        ParentId = stat.ParentId,
        GroupId = stat.GroupId,
        SessionId = stat.SessionId,
        State = ThreadInfo.StateOf(stat.State),
        UserId = status.RealUser,
        EffectiveUserId = status.EffectiveUser,
        UserTime = stat.UserTime,
        SystemTime = stat.SystemTime,
        VirtualBytes = stat.VirtualBytes,
        ResidentBytes = status.ResidentBytes ?? 0,
        ThreadCount = stat.ThreadCount,
        CaughtSignals = new SignalSet(status.CaughtSignals),
        IsKernelThread = stat.VirtualBytes == 0 && stat.State is not (ZombieState or 'X'),
        IsInPidNamespace = status.InnermostId != 0 && status.InnermostId != id,
    };

    private void ReadParts(DirectoryReader directory, ProcessFindings findings)
    {
        if ((_parts & SnapshotParts.Descriptors) != 0)
        {
            bool permitted = _descriptors.TryRead(directory, findings);
            findings.Process = findings.Process with
            {
                DescriptorCount = permitted ? findings.Descriptors.Count : null,
                NotPermitted = permitted ? SnapshotParts.None : SnapshotParts.Descriptors,
            };
        }
        if ((_parts & SnapshotParts.Mappings) != 0)
        {
            ReadMaps(directory, findings);
        }
    }

    private bool TryReadStat(DirectoryReader directory, out ProcStat stat)
    {
        int length = directory.Read(StatFile, _text);
        stat = length > 0 ? ProcStat.Parse(_text.AsSpan(0, length)) : default;
        return length > 0;
    }

    private List<string> ReadCommandLine(DirectoryReader directory)
    {
        int length = directory.ReadAtOnce(CommandLineFile, ref _long);
        List<string> words = [];
        ReadOnlySpan<byte> left = _long.AsSpan(0, Math.Max(length, 0));
        while (!left.IsEmpty)
        {
            int end = left.IndexOf((byte)0);
            words.Add(Encoding.UTF8.GetString(end < 0 ? left : left[..end]));
            left = end < 0 ? default : left[(end + 1)..];
        }
        return words;
    }

    private void ReadMaps(DirectoryReader directory, ProcessFindings findings)
    {
        Errno error = _mappings.Read(directory, findings.Mappings, out bool hasRuntime);
        if (error != Errno.None)
        {
            bool isGone = error is Errno.ENOENT or Errno.ESRCH;
            findings.Process = findings.Process with { NotPermitted = findings.Process.NotPermitted | (isGone ? 0 : SnapshotParts.Mappings) };
            return;
        }
        findings.Process = findings.Process with { IsDotNet = hasRuntime };
        SystemVNamespaces.Separate(findings);
    }

    private void ReadThreads(DirectoryReader directory, in ProcStat stat, ProcessFindings findings)
    {
        if (stat.ThreadCount <= 1)
        {
            AddThread(directory, stat, findings);
        }
        else
        {
            using DirectoryReader? tasks = directory.TryOpen(TaskDirectory, out _);
            ReadTasks(tasks, findings);
        }
        if (findings.Waits.Count > 0 && findings.Waits.TrueForAll(each => each.Site.Kind is WaitKind.NotPermitted))
        {
            findings.Process = findings.Process with { NotPermitted = findings.Process.NotPermitted | SnapshotParts.Threads };
        }
    }

    private DirectoryReader? OpenLivingThread(DirectoryReader process)
    {
        using DirectoryReader? tasks = process.TryOpen(TaskDirectory, out _);
        DirectoryNumbers ids = tasks is null ? default : new(tasks, _entries);
        while (tasks is not null && ids.MoveNext())
        {
            DirectoryReader? thread = tasks.TryOpen(ByteText.Name(ids.Current, _name), out _);
            if (thread is not null && TryReadStat(thread, out ProcStat stat) && stat.State is not (ZombieState or 'X'))
            {
                return thread;
            }
            thread?.Dispose();
        }
        return null;
    }

    private void ReadTasks(DirectoryReader? tasks, ProcessFindings findings)
    {
        DirectoryNumbers ids = tasks is null ? default : new(tasks, _entries);
        while (tasks is not null && ids.MoveNext())
        {
            using DirectoryReader? thread = tasks.TryOpen(ByteText.Name(ids.Current, _name), out _);
            if (thread is not null && TryReadStat(thread, out ProcStat stat))
            {
                AddThread(thread, stat, findings);
            }
        }
    }

    // A thread may have left the table of its process (CLONE_FILES of unshare(2)): then its numbers stand for something else than the process's.
    private static WaitSite OfTable(WaitSite site, int processId, int threadId) =>
        site.Descriptors is [(int descriptor, _), ..] && threadId != processId && LibC.kcmp(processId, threadId, LibC.KCMP_FILES, 0, 0) > 0
            ? site with
            {
                Descriptors = [],
                Name = site.Name ?? string.Create(CultureInfo.InvariantCulture, $"descriptor {descriptor} of a table of its own"),
            }
            : site;

    private void AddThread(DirectoryReader directory, in ProcStat stat, ProcessFindings findings) => findings.Waits.Add((
        new ThreadNode
        {
            Id = stat.Id,
            Name = stat.Name,
            State = ThreadInfo.StateOf(stat.State),
            UserTime = stat.UserTime,
            SystemTime = stat.SystemTime,
            LastCpu = stat.LastCpu,
            Wait = ThreadWait.None,
        },
        OfTable(_waits.Read(directory, stat.State), findings.Process.Id, stat.Id)));
}
