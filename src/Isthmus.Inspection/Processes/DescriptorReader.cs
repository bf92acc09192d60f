using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Reads a process's descriptors, each by as few calls as it takes: a file that was seen before is known by its number, and files are asked for the
/// rest once in a sweep, however many processes have them open. <c>fdinfo</c>, the dearest, is read only where nothing else tells.
/// </summary>
/// <param name="mounts">Of this process.</param>
/// <param name="lockedInodes">The files on which there may be locks; null for all.</param>
internal sealed class DescriptorReader(MountTable mounts, HashSet<ulong>? lockedInodes)
{
    private const long MessageQueueFileBytes = 80; // FILENT_SIZE: so long is the text of each.
    private const uint TerminalMajor = 5; // TTYAUX_MAJOR: /dev/ptmx, of which each open is another terminal.
    private const int GapsMax = 4;
    private const int CountMax = 1 << 16;

    private readonly MountTable _mounts = mounts;
    private readonly HashSet<ulong>? _lockedInodes = lockedInodes;
    private readonly Dictionary<(int Mount, ulong Inode), ObjectNode> _files = [];
    private readonly byte[] _name = new byte[ByteText.NameMax];
    private readonly byte[] _infoName = new byte[ByteText.NameMax];
    private readonly byte[] _link = new byte[4096];
    private readonly byte[] _entries = new byte[32 * 1024];
    private byte[] _info = new byte[4096];

    // The kernel's own file systems for them, once one was seen.
    private ulong? _pipes;
    private ulong? _sockets;

    private static ReadOnlySpan<byte> LinkDirectory => "fd\0"u8;

    private static ReadOnlySpan<byte> Self => ".\0"u8;

    /// <summary>False when they may not be looked at.</summary>
    public bool TryRead(DirectoryReader process, ProcessFindings findings)
    {
        using DirectoryReader? links = process.TryOpen(LinkDirectory, out Errno errno);
        if (links is null)
        {
            return errno is Errno.ENOENT or Errno.ESRCH; // It has ended, and has none.
        }
        Place place = new(process, links, findings);
        // Since Linux 6.2 the size tells how many there are. Mostly they are numbered without gaps, and to try one is cheaper than to have it listed.
        long left = links.Stat(Self, followLink: false, out LibC.statx status) == Errno.None ? (long)status.stx_size : 0;
        bool isCounted = left > 0;
        findings.Descriptors.EnsureCapacity((int)Math.Clamp(left, 0, CountMax));
        int next = 0;
        for (int gaps = 0; left > 0 && gaps <= GapsMax + (next / 3); next++)
        {
            Errno result = Look(place, next);
            if (result == Errno.EACCES)
            {
                return false; // The list may be read by some who may not read the links.
            }
            left -= result == Errno.None ? 1 : 0;
            gaps += result == Errno.None ? 0 : 1;
        }
        return (isCounted && left == 0) || TryReadListed(place, next);
    }

    private bool TryReadListed(in Place place, int first)
    {
        DirectoryNumbers numbers = new(place.Links, _entries);
        while (numbers.MoveNext())
        {
            if (numbers.Current >= first && Look(place, numbers.Current) == Errno.EACCES)
            {
                return false;
            }
        }
        return numbers.Error is not (Errno.EACCES or Errno.EPERM);
    }

    private Errno Look(in Place place, int descriptor)
    {
        ReadOnlySpan<byte> name = ByteText.Name(descriptor, _name);
        Errno error = place.Links.Stat(name, followLink: true, out LibC.statx status);
        if (error == Errno.ENOENT)
        {
            return error; // Closed.
        }
        if (error != Errno.None)
        {
            status = default; // It is the file's system that does not tell; that of the process may.
        }
        DescriptorFinding? found = Recognise(place, name, descriptor, status);
        if (found is null)
        {
            int length = place.Links.ReadLink(name, _link);
            if (length <= 0)
            {
                return (Errno)(-length);
            }
            found = Describe(place, name, descriptor, _link.AsSpan(0, length), status);
        }
        if (found is { } finding)
        {
            place.Findings.Descriptors.Add(finding);
        }
        return Errno.None;
    }

    // What was seen before is known by its number, without its name.
    private DescriptorFinding? Recognise(in Place place, ReadOnlySpan<byte> name, int descriptor, in LibC.statx status)
    {
        switch (status.stx_mode & LibC.S_IFMT)
        {
            case LibC.S_IFIFO when DeviceOf(status) == _pipes:
                return Pipe(place, name, descriptor, status);
            case LibC.S_IFSOCK when DeviceOf(status) == _sockets:
                return Socket(descriptor, status.stx_ino);
        }
        return IsPlain(status) && _files.TryGetValue(((int)status.stx_mnt_id, status.stx_ino), out ObjectNode? node) && !MayBeLocked(status.stx_ino)
            ? new DescriptorFinding(descriptor, node.Id, AccessOf(place.Links, name), node)
            : null;
    }

    private DescriptorFinding? Describe(in Place place, ReadOnlySpan<byte> name, int descriptor, ReadOnlySpan<byte> link, in LibC.statx status)
    {
        if (TryReadInode(link, "pipe:["u8, out ulong inode))
        {
            _pipes = DeviceOf(status);
            return Pipe(place, name, descriptor, status);
        }
        if (TryReadInode(link, "socket:["u8, out inode))
        {
            _sockets = DeviceOf(status);
            return Socket(descriptor, inode);
        }
        if (link[0] == '/' && !MayBeLocked(status.stx_ino) && (IsPlain(status) || IsMemory(link, status)))
        {
            ObjectNode node = FileOf(place, descriptor, link, status, (int)status.stx_mnt_id, status.stx_ino);
            return new DescriptorFinding(descriptor, node.Id, AccessOf(place.Links, name), node);
        }
        int length = place.Process.ReadAtOnce(ByteText.Name("fdinfo/"u8, descriptor, default, _infoName), ref _info);
        if (length <= 0)
        {
            return null; // Closed meanwhile.
        }
        DescriptorFile info = new(_info.AsSpan(0, length));
        return link[0] == '/'
            ? DescribeFile(place, descriptor, link, info, status)
            : UnnamedDescriptor.Describe(descriptor, link, AccessOf(info.Flags), info, place.Findings);
    }

    private DescriptorFinding? DescribeFile(
        in Place place, int descriptor, ReadOnlySpan<byte> link, in DescriptorFile info, in LibC.statx status)
    {
        List<LockLine>? locks = null;
        info.AddLocks(ref locks);
        foreach (LockLine each in locks ?? [])
        {
            place.Findings.Locks.Add(new LockFinding(descriptor, each));
        }
        if (info.TerminalIndex is { } terminal)
        {
            NodeId master = new(NodeKind.PseudoTerminal, 0, (ulong)terminal, "master");
            return new DescriptorFinding(descriptor, master, AccessOf(info.Flags), new ObjectNode(master, Encoding.UTF8.GetString(link)));
        }
        if (status.stx_mode == 0)
        {
            return null; // Nobody tells what it is.
        }
        ObjectNode node = FileOf(place, descriptor, link, status, info.MountId, info.Inode ?? status.stx_ino);
        return new DescriptorFinding(descriptor, node.Id, AccessOf(info.Flags), node);
    }

    // The first descriptor of a file that is seen describes it.
    private ObjectNode FileOf(in Place place, int descriptor, ReadOnlySpan<byte> link, in LibC.statx status, int mount, ulong inode)
    {
        if (!_files.TryGetValue((mount, inode), out ObjectNode? node))
        {
            ulong device = _mounts.TryGetDevice(mount, out ulong known) ? known : DeviceOf(status);
            node = NodeOf(link, status, device, inode, mount, (place.Findings.Process.Id, descriptor));
            _files[(mount, inode)] = node;
        }
        return node;
    }

    private ObjectNode NodeOf(ReadOnlySpan<byte> link, in LibC.statx status, ulong device, ulong inode, int mount, (int Process, int Descriptor) at)
    {
        bool isDeleted = false;
        ReadOnlySpan<byte> name = status.stx_nlink == 0 ? FileName.WithoutMark(link, out isDeleted) : link;
        NodeKind kind = KindOf(name, isDeleted, status, mount, at);
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
        return kind == NodeKind.PosixMessageQueue ? MessageQueueNames.WithMessages(node, PathOf(at)) : node;
    }

    private NodeKind KindOf(ReadOnlySpan<byte> name, bool isDeleted, in LibC.statx status, int mount, (int Process, int Descriptor) at) =>
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
                && FileSystems.MagicOf(PathOf(at)) == LibC.MQUEUE_MAGIC => NodeKind.PosixMessageQueue,
            _ => NodeKind.File,
        };

    private bool MayBeLocked(ulong inode) => _lockedInodes is null || _lockedInodes.Contains(inode);

    // Its number is the kernel's own, and its fdinfo tells no more than that. Before Linux 5.8, only that tells the mount.
    private bool IsPlain(in LibC.statx status) => (status.stx_mask & LibC.STATX_MNT_ID) != 0 && _mounts.IsPlain((int)status.stx_mnt_id)
        && ((status.stx_mode & LibC.S_IFMT) != LibC.S_IFCHR || status.stx_rdev_major != TerminalMajor);

    // A memfd is a file in a tmpfs that the kernel keeps to itself.
    private bool IsMemory(ReadOnlySpan<byte> link, in LibC.statx status) => (status.stx_mask & LibC.STATX_MNT_ID) != 0
        && status.stx_nlink == 0 && link.StartsWith("/memfd:"u8) && !_mounts.TryGetDevice((int)status.stx_mnt_id, out _);

    private static DescriptorFinding Pipe(in Place place, ReadOnlySpan<byte> name, int descriptor, in LibC.statx status)
    {
        NodeId id = NodeId.Of(NodeKind.Pipe, status.stx_ino);
        return new DescriptorFinding(descriptor, id, AccessOf(place.Links, name), new ObjectNode(id, null) { UserId = status.stx_uid });
    }

    private static DescriptorFinding Socket(int descriptor, ulong inode) =>
        new(descriptor, NodeId.Of(NodeKind.OtherSocket, inode), FileAccess.ReadWrite, null);

    private static ulong DeviceOf(in LibC.statx status) => DeviceNumber.Of(status.stx_dev_major, status.stx_dev_minor);

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

    private static string PathOf((int Process, int Descriptor) at) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{at.Process}/fd/{at.Descriptor}");

    /// <summary>Where one process's descriptors are read from, and where they go.</summary>
    private readonly record struct Place(DirectoryReader Process, DirectoryReader Links, ProcessFindings Findings);
}
