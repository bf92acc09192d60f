using System.Globalization;
using System.Text;

namespace Isthmus.Inspection;

/// <summary>Describes the descriptors that stand for no file, but for something of the kernel: an eventfd, an epoll set, a pidfd.</summary>
internal static class UnnamedDescriptor
{
    public static DescriptorFinding Describe(
        int descriptor, ReadOnlySpan<byte> link, FileAccess? access, in DescriptorFile info, ProcessFindings findings)
    {
        int process = findings.Process.Id;
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
}
