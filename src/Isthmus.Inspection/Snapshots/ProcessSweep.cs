using System.Diagnostics;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Reads the processes, each of its files once, by as many threads as pay; of an earlier sweep it keeps what was found in processes that have not run
/// since, unless somebody else may have changed it.
/// </summary>
internal sealed class ProcessSweep(DirectoryReader proc, SnapshotOptions options, SweepMemory? earlier)
{
    private const int ProcessesPerPiece = 32;

    // For fewer, to begin and to wait for another thread costs more than it brings.
    private const int ProcessesPerWorker = 128;

    private static readonly Dictionary<int, ProcessFindings> s_nothing = [];

    private readonly DirectoryReader _proc = proc;
    private readonly SnapshotOptions _options = options;
    private readonly SweepMemory? _earlier = earlier is { IsOld: false } ? earlier : null;
    private MountTable? _mounts;

    private IReadOnlyDictionary<int, ProcessFindings> Known => _earlier?.Processes ?? s_nothing;

    /// <summary>All that was found, what was read now first: it is to be believed where both tell of the same.</summary>
    public SweepMemory Run()
    {
        long start = Stopwatch.GetTimestamp();
        List<ProcessSign> now = List();
        HashSet<int> gone = [.. Known.Values.Select(each => each.Sign.Id)];
        gone.ExceptWith(now.Where(IsThere).Select(each => each.Id));
        List<ProcessFindings> kept = [];
        List<ProcessSign> ran = [];
        foreach (ProcessSign sign in now)
        {
            if (sign.CpuNanoseconds >= 0 && Known.TryGetValue(sign.Id, out ProcessFindings? found) && found.Sign == sign && !MayDiffer(found, gone))
            {
                kept.Add(found);
            }
            else
            {
                ran.Add(sign);
            }
        }
        LockTable before = ReadLocks();
        List<ProcessFindings> read = [.. ReadAll(ran, before)];
        LockTable locks = ReadLocks();
        List<ProcessSign> again = [.. TakeHolders(kept, FilesWithOtherLocks(read, locks)), .. TakeHolders(read, FilesLockedSince(before, locks))];
        read.AddRange(ReadAll(again, locks));
        Dictionary<int, ProcessFindings> all = new(read.Count + kept.Count);
        foreach (ProcessFindings each in (IEnumerable<ProcessFindings>)[.. read, .. kept])
        {
            all[each.Sign.Id] = each;
        }
        return new SweepMemory(all, locks, _earlier?.WholeAt ?? start);
    }

    private bool IsThere(ProcessSign now) => Known.TryGetValue(now.Id, out ProcessFindings? found) && found.Sign.Inode == now.Inode;

    // Of whom another one's end tells: its new parent, what its pidfd leads to. And who waits in memory that others write to.
    private static bool MayDiffer(ProcessFindings found, HashSet<int> gone) =>
        (gone.Count > 0 && (gone.Contains(found.Process.ParentId) || found.PidFds.Exists(each => gone.Contains(each.ProcessId))))
        || (found.Mappings.Count > 0 && WaitsInSharedMemory(found));

    private static bool WaitsInSharedMemory(ProcessFindings found) =>
        found.Waits.Exists(each => each.Site.Kind is WaitKind.Futex or WaitKind.Mutex && found.MappingAt(each.Site.Address) is not null);

    // Locks belong to open file descriptions: whoever shares one may come by a lock, or lose it, by what another one does.
    private HashSet<(ulong Device, ulong Inode)> FilesWithOtherLocks(List<ProcessFindings> read, LockTable locks)
    {
        if (_earlier is null)
        {
            return [];
        }
        HashSet<(ulong, ulong)> files = locks.FilesChangedSince(_earlier.Locks);
        foreach (ProcessFindings each in read)
        {
            HashSet<LockFinding> changed = [.. each.Locks];
            changed.SymmetricExceptWith(Known.TryGetValue(each.Sign.Id, out ProcessFindings? before) ? before.Locks : []);
            files.UnionWith(changed.Select(found => (found.Lock.Device, found.Lock.Inode)));
        }
        return files;
    }

    // Descriptors were not asked for their locks where nobody had any.
    private static HashSet<(ulong Device, ulong Inode)> FilesLockedSince(LockTable before, LockTable now)
    {
        HashSet<(ulong Device, ulong Inode)> files = [];
        if (before.LockedInodes is { } known)
        {
            files.UnionWith(now.Lines.Where(line => !known.Contains(line.Inode)).Select(line => (line.Device, line.Inode)));
        }
        return files;
    }

    private LockTable ReadLocks() => (_options.Parts & SnapshotParts.Descriptors) != 0 ? LockTable.Read(_proc) : LockTable.Empty;

    // Those of them that have one of the files open.
    private static List<ProcessSign> TakeHolders(List<ProcessFindings> processes, HashSet<(ulong Device, ulong Inode)> files)
    {
        List<ProcessSign> taken = [];
        if (files.Count > 0)
        {
            processes.RemoveAll(each =>
            {
                bool has = each.Descriptors.Exists(held => files.Contains((held.Target.Space, held.Target.Number)));
                if (has)
                {
                    taken.Add(each.Sign);
                }
                return has;
            });
        }
        return taken;
    }

    private List<ProcessSign> List()
    {
        List<ProcessSign> now = [];
        if (_options.ProcessIds is { } chosen)
        {
            byte[] name = new byte[ByteText.NameMax];
            foreach (int id in chosen.Distinct())
            {
                bool exists = _proc.Stat(ByteText.Name(id, name), followLink: false, out LibC.statx status) == Errno.None;
                now.Add(new ProcessSign(id, exists ? status.stx_ino : 0, Clock.ProcessCpuNanoseconds(id)));
            }
            return now;
        }
        DirectoryNumbers ids = new(_proc, new byte[32 * 1024]);
        while (ids.MoveNext())
        {
            now.Add(new ProcessSign(ids.Current, ids.Inode, Clock.ProcessCpuNanoseconds(ids.Current)));
        }
        return now;
    }

    private ProcessFindings[] ReadAll(List<ProcessSign> processes, LockTable locks)
    {
        if (processes.Count == 0)
        {
            return [];
        }
        MountTable mounts = _mounts ??= ReadMounts();
        HashSet<ulong>? lockedInodes = locks.LockedInodes;
        ProcessFindings?[] found = new ProcessFindings?[processes.Count];
        int workers = Math.Clamp(processes.Count / ProcessesPerWorker, 1, Environment.ProcessorCount);
        if (workers == 1)
        {
            ReadSome(new ProcessReader(_proc, mounts, lockedInodes, _options.Parts), processes, found, 0, processes.Count);
        }
        else
        {
            int next = 0;
            Parallel.For(0, workers, _ => ReadPieces(
                new ProcessReader(_proc, mounts, lockedInodes, _options.Parts), processes, found,
                () => Interlocked.Add(ref next, ProcessesPerPiece) - ProcessesPerPiece));
        }
        return [.. found.OfType<ProcessFindings>()];
    }

    private MountTable ReadMounts()
    {
        byte[] text = new byte[16 * 1024];
        int length = _proc.ReadAll("self/mountinfo\0"u8, ref text);
        return MountTable.Parse(text.AsSpan(0, Math.Max(length, 0)));
    }

    // Takes piece after piece until none is left.
    private static void ReadPieces(ProcessReader reader, List<ProcessSign> processes, ProcessFindings?[] found, Func<int> takePiece)
    {
        for (int start = takePiece(); start < processes.Count; start = takePiece())
        {
            ReadSome(reader, processes, found, start, Math.Min(start + ProcessesPerPiece, processes.Count));
        }
    }

    private static void ReadSome(ProcessReader reader, List<ProcessSign> processes, ProcessFindings?[] found, int start, int end)
    {
        for (int index = start; index < end; index++)
        {
            found[index] = reader.Read(processes[index]);
        }
    }
}
