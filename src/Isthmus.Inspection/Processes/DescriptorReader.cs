using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Reads a process's descriptors. The text of the link says what most of them are; files are asked for the rest once in a sweep, however
/// many processes have them open.
/// </summary>
internal sealed class DescriptorReader(MountTable mounts)
{
    private const long MessageQueueFileBytes = 80; // FILENT_SIZE: so long is the text of each.

    private readonly MountTable _mounts = mounts;
    private readonly Dictionary<(int Mount, ulong Inode), ObjectNode> _files = [];
    private readonly byte[] _name = new byte[ByteText.NameMax];
    private readonly byte[] _link = new byte[4096];
    private readonly byte[] _entries = new byte[32 * 1024];
    private byte[] _info = new byte[4096];

    private static ReadOnlySpan<byte> LinkDirectory => "fd\0"u8;

    private static ReadOnlySpan<byte> InfoDirectory => "fdinfo\0"u8;

    /// <summary>False when they may not be looked at.</summary>
    public bool TryRead(DirectoryReader process, ProcessFindings findings)
    {
        using DirectoryReader? links = process.TryOpen(LinkDirectory, out Errno errno);
        if (links is null)
        {
            return errno is Errno.ENOENT or Errno.ESRCH; // It has ended, and has none.
        }
        using DirectoryReader? infos = process.TryOpen(InfoDirectory, out errno);
        DirectoryNumbers numbers = new(links, _entries);
        while (numbers.MoveNext())
        {
            ReadOnlySpan<byte> name = ByteText.Name(numbers.Current, _name);
            int length = links.ReadLink(name, _link);
            if (length == -(int)Errno.EACCES)
            {
                return false; // The list may be read by some who may not read the links.
            }
            if (length > 0 && Describe(links, infos, name, numbers.Current, _link.AsSpan(0, length), findings) is { } found)
            {
                findings.Descriptors.Add(found);
            }
        }
        return numbers.Error is not (Errno.EACCES or Errno.EPERM);
    }

    private DescriptorFinding? Describe(
        DirectoryReader links, DirectoryReader? infos, ReadOnlySpan<byte> name, int descriptor, ReadOnlySpan<byte> link, ProcessFindings findings)
    {
        if (TryReadInode(link, "pipe:["u8, out ulong inode))
        {
            NodeId id = NodeId.Of(NodeKind.Pipe, inode);
            return new DescriptorFinding(descriptor, id, AccessOf(links, name), new ObjectNode(id, null));
        }
        if (TryReadInode(link, "socket:["u8, out inode))
        {
            return new DescriptorFinding(descriptor, NodeId.Of(NodeKind.OtherSocket, inode), FileAccess.ReadWrite, null);
        }
        int length = infos?.ReadAtOnce(name, ref _info) ?? -1;
        if (length <= 0)
        {
            return null; // Closed meanwhile.
        }
        DescriptorFile info = new(_info.AsSpan(0, length));
        return link[0] == '/'
            ? DescribeFile(links, name, descriptor, link, info, findings)
            : DescribeUnnamed(descriptor, link, info, findings);
    }

    private DescriptorFinding? DescribeFile(
        DirectoryReader links, ReadOnlySpan<byte> name, int descriptor, ReadOnlySpan<byte> link, in DescriptorFile info, ProcessFindings findings)
    {
        List<LockLine>? locks = null;
        info.AddLocks(ref locks);
        foreach (LockLine each in locks ?? [])
        {
            findings.Locks.Add(new LockFinding(descriptor, each));
        }
        int mount = info.MountId;
        if (info.TerminalIndex is { } terminal)
        {
            NodeId master = new(NodeKind.PseudoTerminal, 0, (ulong)terminal, "master");
            return new DescriptorFinding(descriptor, master, AccessOf(info.Flags), new ObjectNode(master, Encoding.UTF8.GetString(link)));
        }
        if (info.Inode is not { } inode || !_files.TryGetValue((mount, inode), out ObjectNode? node))
        {
            if (links.Stat(name, followLink: true, out LibC.statx status) != Errno.None)
            {
                return null;
            }
            inode = info.Inode ?? status.stx_ino;
            ulong device = _mounts.TryGetDevice(mount, out ulong known) ? known : DeviceNumber.Of(status.stx_dev_major, status.stx_dev_minor);
            node = NodeOf(link, status, device, inode, mount, PathOf(findings.Process.Id, descriptor));
            _files[(mount, inode)] = node;
        }
        return new DescriptorFinding(descriptor, node.Id, AccessOf(info.Flags), node);
    }

    private ObjectNode NodeOf(ReadOnlySpan<byte> link, in LibC.statx status, ulong device, ulong inode, int mount, string path)
    {
        bool isDeleted = false;
        ReadOnlySpan<byte> name = status.stx_nlink == 0 ? FileName.WithoutMark(link, out isDeleted) : link;
        NodeKind kind = KindOf(name, isDeleted, status, mount, path);
        string text = Encoding.UTF8.GetString(name);
        NodeId id = kind switch
        {
            NodeKind.PseudoTerminal => NodeId.Of(kind, status.stx_rdev_minor),
            NodeKind.PosixMessageQueue => NodeId.Of(kind, inode),
            _ => new NodeId(kind, device, inode),
        };
        ObjectNode node = new(id, SharedMemoryName.Of(kind, text))
        {
            UserId = status.stx_uid,
            GroupId = status.stx_gid,
            Mode = (UnixFileMode)(status.stx_mode & 0xFFF),
            Size = (status.stx_mode & LibC.S_IFMT) == LibC.S_IFREG ? (long)status.stx_size : null,
            IsDeleted = isDeleted && kind != NodeKind.MemFd,
        };
        return kind == NodeKind.PosixMessageQueue ? MessageQueueNames.WithMessages(node, path) : node;
    }

    private NodeKind KindOf(ReadOnlySpan<byte> name, bool isDeleted, in LibC.statx status, int mount, string path) =>
        (status.stx_mode & LibC.S_IFMT) switch
        {
            LibC.S_IFIFO => NodeKind.Fifo,
            LibC.S_IFDIR => NodeKind.Directory,
            LibC.S_IFCHR when name.StartsWith("/dev/pts/"u8) => NodeKind.PseudoTerminal,
            LibC.S_IFCHR or LibC.S_IFBLK => NodeKind.Device,
            _ when isDeleted && name.StartsWith("/memfd:"u8) => NodeKind.MemFd,
            _ when name.StartsWith("/dev/shm/sem."u8) => NodeKind.PosixSemaphore,
            _ when name.StartsWith("/dev/shm/"u8) => NodeKind.PosixSharedMemory,
            // A queue stands alone below the root of a file system that is mounted for nobody.
            _ when status.stx_size == MessageQueueFileBytes && name.LastIndexOf((byte)'/') == 0 && !_mounts.TryGetDevice(mount, out _)
                && FileSystems.MagicOf(path) == LibC.MQUEUE_MAGIC => NodeKind.PosixMessageQueue,
            _ => NodeKind.File,
        };

    private static DescriptorFinding DescribeUnnamed(int descriptor, ReadOnlySpan<byte> link, in DescriptorFile info, ProcessFindings findings)
    {
        int process = findings.Process.Id;
        FileAccess? access = AccessOf(info.Flags);
        if (link.SequenceEqual("anon_inode:[eventfd]"u8))
        {
            NodeId id = info.EventId is { } number
                ? NodeId.Of(NodeKind.EventFd, number)
                : NodeId.OfDescriptor(NodeKind.EventFd, process, descriptor);
            return new DescriptorFinding(descriptor, id, access, new ObjectNode(id, null) { Fill = info.EventCount });
        }
        NodeKind kind = KindOf(link);
        NodeId node = NodeId.OfDescriptor(kind, process, descriptor);
        switch (kind)
        {
            case NodeKind.Epoll:
                findings.EpollSets.Add((node, info.EpollTargets()));
                break;
            case NodeKind.Inotify:
                findings.FileWatches.Add((node, info.InotifyTargets()));
                break;
            case NodeKind.PidFd when info.ProcessId is > 0 and int watched:
                findings.PidFds.Add((node, watched));
                break;
        }
        return new DescriptorFinding(descriptor, node, access, new ObjectNode(node, NameOf(kind, link, info)) { Fill = info.Ticks });
    }

    private static NodeKind KindOf(ReadOnlySpan<byte> link) => link switch
    {
        _ when link.SequenceEqual("anon_inode:[eventpoll]"u8) => NodeKind.Epoll,
        _ when link.SequenceEqual("anon_inode:[timerfd]"u8) => NodeKind.TimerFd,
        _ when link.SequenceEqual("anon_inode:[signalfd]"u8) => NodeKind.SignalFd,
        _ when link.SequenceEqual("anon_inode:inotify"u8) => NodeKind.Inotify,
        _ when link.SequenceEqual("anon_inode:[pidfd]"u8) || link.StartsWith("pidfd:["u8) => NodeKind.PidFd,
        _ => NodeKind.OtherDescriptor,
    };

    private static string? NameOf(NodeKind kind, ReadOnlySpan<byte> link, in DescriptorFile info) => kind switch
    {
        NodeKind.SignalFd => new SignalSet(info.SignalMask ?? 0).ToString(),
        NodeKind.TimerFd => ClockOf(info.ClockId),
        NodeKind.PidFd => info.ProcessId is > 0 and int id ? id.ToString(CultureInfo.InvariantCulture) : null,
        NodeKind.OtherDescriptor => Encoding.UTF8.GetString(link),
        _ => null,
    };

    // CLOCK_… of clock_gettime(2).
    private static string? ClockOf(int? id) => id switch
    {
        0 => "realtime",
        1 => "monotonic",
        7 => "boottime",
        8 => "realtime-alarm",
        9 => "boottime-alarm",
        _ => null,
    };

    private static FileAccess? AccessOf(int flags) => (flags & LibC.O_PATH) != 0 ? null : (flags & LibC.O_ACCMODE) switch
    {
        LibC.O_RDONLY => FileAccess.Read,
        LibC.O_WRONLY => FileAccess.Write,
        _ => FileAccess.ReadWrite,
    };

    // The mode of the link in /proc/PID/fd is what the descriptor was opened for: one call, where fdinfo takes three.
    private static FileAccess? AccessOf(DirectoryReader links, ReadOnlySpan<byte> name)
    {
        if (links.Stat(name, followLink: false, out LibC.statx status) != Errno.None)
        {
            return null;
        }
        FileAccess access = ((status.stx_mode & LibC.S_IRUSR) != 0 ? FileAccess.Read : 0)
            | ((status.stx_mode & LibC.S_IWUSR) != 0 ? FileAccess.Write : 0);
        return access == 0 ? null : access;
    }

    private static bool TryReadInode(ReadOnlySpan<byte> link, ReadOnlySpan<byte> prefix, out ulong inode)
    {
        bool matches = link.StartsWith(prefix);
        inode = matches ? TextCursor.Unsigned(link[prefix.Length..]) : 0;
        return matches;
    }

    private static string PathOf(int process, int descriptor) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{descriptor}");
}
