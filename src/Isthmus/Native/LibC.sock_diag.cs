using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Native;

// linux/netlink.h, linux/sock_diag.h, linux/unix_diag.h, linux/inet_diag.h: sock_diag(7)
internal static partial class LibC
{
    public const int NETLINK_SOCK_DIAG = 4, SOCK_DIAG_BY_FAMILY = 20;
    public const ushort NLMSG_ERROR = 2, NLMSG_DONE = 3, NLM_F_REQUEST = 1, NLM_F_DUMP = 0x300;
    public const uint UDIAG_SHOW_NAME = 1, UDIAG_SHOW_VFS = 2, UDIAG_SHOW_PEER = 4, UDIAG_SHOW_ICONS = 8, UDIAG_SHOW_RQLEN = 0x10, UDIAG_SHOW_UID = 0x40;
    public const ushort UNIX_DIAG_NAME = 0, UNIX_DIAG_VFS = 1, UNIX_DIAG_PEER = 2, UNIX_DIAG_ICONS = 3, UNIX_DIAG_RQLEN = 4, UNIX_DIAG_UID = 7;
    public const ushort INET_DIAG_INFO = 2;
    public const int AF_INET = 2, AF_INET6 = 10, IPPROTO_TCP = 6, IPPROTO_UDP = 17;

    [StructLayout(LayoutKind.Sequential)]
    public struct nlmsghdr
    {
        public uint nlmsg_len;
        public ushort nlmsg_type;
        public ushort nlmsg_flags;
        public uint nlmsg_seq;
        public uint nlmsg_pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct nlattr
    {
        public ushort nla_len;
        public ushort nla_type;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct unix_diag_req
    {
        public byte sdiag_family;
        public byte sdiag_protocol;
        public ushort pad;
        public uint udiag_states;
        public uint udiag_ino;
        public uint udiag_show;
        public ulong udiag_cookie;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct unix_diag_msg
    {
        public byte udiag_family;
        public byte udiag_type;
        public byte udiag_state;
        public byte pad;
        public uint udiag_ino;
        public ulong udiag_cookie;
    }

    // The kernel's ports are big-endian, and so are addresses.
    [StructLayout(LayoutKind.Sequential)]
    public struct inet_diag_sockid
    {
        public ushort idiag_sport;
        public ushort idiag_dport;
        public InetAddress idiag_src;
        public InetAddress idiag_dst;
        public uint idiag_if;
        public InetCookie idiag_cookie;
    }

    [InlineArray(2)]
    public struct InetCookie
    {
        private uint _first;
    }

    [InlineArray(16)]
    public struct InetAddress
    {
        private byte _first;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct inet_diag_req_v2
    {
        public byte sdiag_family;
        public byte sdiag_protocol;
        public byte idiag_ext;
        public byte pad;
        public uint idiag_states;
        public inet_diag_sockid id;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct inet_diag_msg
    {
        public byte idiag_family;
        public byte idiag_state;
        public byte idiag_timer;
        public byte idiag_retrans;
        public inet_diag_sockid id;
        public uint idiag_expires;
        public uint idiag_rqueue;
        public uint idiag_wqueue;
        public uint idiag_uid;
        public uint idiag_inode;
    }

    /// <summary>What we read of <c>struct tcp_info</c> (linux/tcp.h), which grows with the kernel.</summary>
    [StructLayout(LayoutKind.Explicit)]
    public struct TcpInfo
    {
        [FieldOffset(120)]
        public ulong tcpi_bytes_acked;

        [FieldOffset(128)]
        public ulong tcpi_bytes_received;
    }
}
