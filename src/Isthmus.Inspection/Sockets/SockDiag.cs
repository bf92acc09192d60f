using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Asks the kernel for all sockets of this process's network namespace (<c>sock_diag(7)</c>): the only way to learn the peer of a Unix socket.
/// </summary>
internal static class SockDiag
{
    private const int BufferBytes = 64 * 1024;
    private const uint AllStates = uint.MaxValue;

    /// <summary>False where the kernel has no such tables, or hides them: then there is <see cref="ProcNet"/>.</summary>
    /// <param name="sockets">Gets what is found.</param>
    /// <param name="pending">Gets the inodes of Unix sockets whose connection was not taken yet, with the listener: their peer has none.</param>
    public static bool TryRead(List<SocketNode> sockets, List<(ulong Socket, NodeId Listener)> pending)
    {
        using NetlinkSocket? kernel = NetlinkSocket.TryOpen(LibC.NETLINK_SOCK_DIAG);
        if (kernel is null)
        {
            return false;
        }
        byte[] buffer = new byte[BufferBytes];
        LibC.unix_diag_req unix = new()
        {
            sdiag_family = LibC.AF_UNIX,
            udiag_states = AllStates,
            udiag_show = LibC.UDIAG_SHOW_NAME | LibC.UDIAG_SHOW_PEER | LibC.UDIAG_SHOW_ICONS | LibC.UDIAG_SHOW_RQLEN
                | LibC.UDIAG_SHOW_UID,
        };
        if (!TryDump(kernel, unix, buffer, body => ParseUnix(body, pending), sockets))
        {
            return false;
        }
        // A kernel without IPv6, or without UDP's table, has nothing to tell there.
        foreach (int family in (ReadOnlySpan<int>)[LibC.AF_INET, LibC.AF_INET6])
        {
            foreach (int protocol in (ReadOnlySpan<int>)[LibC.IPPROTO_TCP, LibC.IPPROTO_UDP])
            {
                LibC.inet_diag_req_v2 inet = new()
                {
                    sdiag_family = (byte)family,
                    sdiag_protocol = (byte)protocol,
                    // The bytes that went through are counted there.
                    idiag_ext = protocol == LibC.IPPROTO_TCP ? (byte)(1 << (LibC.INET_DIAG_INFO - 1)) : (byte)0,
                    idiag_states = AllStates,
                };
                TryDump(kernel, inet, buffer, body => ParseInet(body, protocol), sockets);
            }
        }
        return true;
    }

    internal static SocketNode? ParseUnix(ReadOnlySpan<byte> body, List<(ulong Socket, NodeId Listener)>? pending = null)
    {
        LibC.unix_diag_msg head = MemoryMarshal.Read<LibC.unix_diag_msg>(body);
        string? name = null;
        uint peer = 0;
        uint received = 0;
        uint limit = 0;
        uint? user = null;
        NodeId id = NodeId.Of(NodeKind.UnixSocket, head.udiag_ino);
        ReadOnlySpan<byte> left = body[Unsafe.SizeOf<LibC.unix_diag_msg>()..];
        while (left.Length >= 4)
        {
            LibC.nlattr attribute = MemoryMarshal.Read<LibC.nlattr>(left);
            int length = Math.Clamp(attribute.nla_len, 4, left.Length);
            ReadOnlySpan<byte> value = left[4..length];
            switch (attribute.nla_type)
            {
                case LibC.UNIX_DIAG_NAME:
                    name = NameOf(value);
                    break;
                case LibC.UNIX_DIAG_PEER when value.Length >= 4:
                    peer = MemoryMarshal.Read<uint>(value);
                    break;
                case LibC.UNIX_DIAG_UID when value.Length >= 4:
                    user = MemoryMarshal.Read<uint>(value);
                    break;
                case LibC.UNIX_DIAG_ICONS:
                    foreach (uint inode in MemoryMarshal.Cast<byte, uint>(value[..(value.Length & ~3)]))
                    {
                        pending?.Add((inode, id));
                    }
                    break;
                case LibC.UNIX_DIAG_RQLEN when value.Length >= 8:
                    received = MemoryMarshal.Read<uint>(value);
                    limit = MemoryMarshal.Read<uint>(value[4..]);
                    break;
            }
            left = left[Math.Min((length + 3) & ~3, left.Length)..];
        }
        SocketState state = (SocketState)head.udiag_state;
        bool listens = state == SocketState.Listening;
        return new SocketNode(id, name)
        {
            UserId = user,
            Form = (SocketForm)head.udiag_type,
            State = state,
            Peer = peer == 0 ? null : NodeId.Of(NodeKind.UnixSocket, peer),
            // Of a listener, how many wait and how many may; of others, bytes to read and bytes sent that the peer has not taken.
            Fill = received,
            Capacity = listens ? limit : null,
            BytesToSend = listens ? null : limit,
            IsKnown = true,
        };
    }

    internal static SocketNode? ParseInet(ReadOnlySpan<byte> body, int protocol)
    {
        LibC.inet_diag_msg head = MemoryMarshal.Read<LibC.inet_diag_msg>(body);
        if (head.idiag_inode == 0)
        {
            return null; // Nobody has it open any more: TIME_WAIT and its like.
        }
        bool isTcp = protocol == LibC.IPPROTO_TCP;
        SocketState state = (SocketState)head.idiag_state;
        bool listens = state == SocketState.Listening;
        string peer = EndPoint(head.idiag_family, head.id.idiag_dst, head.id.idiag_dport);
        bool isCounted = TryFindCounts(body[Unsafe.SizeOf<LibC.inet_diag_msg>()..], out LibC.TcpInfo counts) && !listens;
        return new SocketNode(
            NodeId.Of(isTcp ? NodeKind.TcpSocket : NodeKind.UdpSocket, head.idiag_inode),
            EndPoint(head.idiag_family, head.id.idiag_src, head.id.idiag_sport))
        {
            Form = isTcp ? SocketForm.Stream : SocketForm.Datagram,
            State = state,
            PeerName = head.id.idiag_dport == 0 ? null : peer,
            UserId = head.idiag_uid,
            Fill = head.idiag_rqueue,
            Capacity = listens ? head.idiag_wqueue : null,
            BytesToSend = listens ? null : head.idiag_wqueue,
            BytesReceived = isCounted ? (long)counts.tcpi_bytes_received : null,
            BytesSent = isCounted ? (long)counts.tcpi_bytes_acked : null,
            IsKnown = true,
        };
    }

    private static bool TryFindCounts(ReadOnlySpan<byte> attributes, out LibC.TcpInfo counts)
    {
        ReadOnlySpan<byte> left = attributes;
        while (left.Length >= 4)
        {
            LibC.nlattr attribute = MemoryMarshal.Read<LibC.nlattr>(left);
            int length = Math.Clamp(attribute.nla_len, 4, left.Length);
            // Kernels before 4.1 end it earlier.
            if (attribute.nla_type == LibC.INET_DIAG_INFO && length - 4 >= Unsafe.SizeOf<LibC.TcpInfo>())
            {
                counts = MemoryMarshal.Read<LibC.TcpInfo>(left[4..]);
                return true;
            }
            left = left[Math.Min((length + 3) & ~3, left.Length)..];
        }
        counts = default;
        return false;
    }

    private static string EndPoint(int family, LibC.InetAddress address, ushort port)
    {
        ReadOnlySpan<byte> bytes = address;
        return SocketAddress.Describe(new IPAddress(bytes[..(family == LibC.AF_INET ? 4 : 16)]), BinaryPrimitives.ReverseEndianness(port));
    }

    // The name ends with NUL in a path, and may hold NULs behind the first one of an abstract name, which people see as @.
    private static string? NameOf(ReadOnlySpan<byte> value) => value switch
    {
        [] => null,
        [0] => "@",
        [0, ..] => "@" + Encoding.UTF8.GetString(value[1..]).Replace('\0', '@'),
        _ => Encoding.UTF8.GetString(value.TrimEnd((byte)0)),
    };

    private static bool TryDump<TRequest>(
        NetlinkSocket kernel, TRequest request, byte[] buffer, ParseBody parse, List<SocketNode> sockets)
        where TRequest : unmanaged
    {
        int headBytes = Unsafe.SizeOf<LibC.nlmsghdr>();
        byte[] message = new byte[headBytes + Unsafe.SizeOf<TRequest>()];
        LibC.nlmsghdr head = new()
        {
            nlmsg_len = (uint)message.Length,
            nlmsg_type = LibC.SOCK_DIAG_BY_FAMILY,
            nlmsg_flags = LibC.NLM_F_REQUEST | LibC.NLM_F_DUMP,
        };
        MemoryMarshal.Write(message, head);
        MemoryMarshal.Write(message.AsSpan(headBytes), request);
        return kernel.TrySend(message) && ReceiveAll(kernel, buffer, parse, sockets);
    }

    private static bool ReceiveAll(NetlinkSocket kernel, byte[] buffer, ParseBody parse, List<SocketNode> sockets)
    {
        int headBytes = Unsafe.SizeOf<LibC.nlmsghdr>();
        while (true)
        {
            int received = kernel.Receive(buffer);
            if (received <= 0)
            {
                return false;
            }
            ReadOnlySpan<byte> left = buffer.AsSpan(0, received);
            while (left.Length >= headBytes)
            {
                LibC.nlmsghdr head = MemoryMarshal.Read<LibC.nlmsghdr>(left);
                int length = Math.Clamp((int)head.nlmsg_len, headBytes, left.Length);
                if (head.nlmsg_type is LibC.NLMSG_DONE or LibC.NLMSG_ERROR)
                {
                    return head.nlmsg_type == LibC.NLMSG_DONE;
                }
                if (parse(left[headBytes..length]) is { } socket)
                {
                    sockets.Add(socket);
                }
                left = left[Math.Min((length + 3) & ~3, left.Length)..];
            }
        }
    }

    private delegate SocketNode? ParseBody(ReadOnlySpan<byte> body);
}
