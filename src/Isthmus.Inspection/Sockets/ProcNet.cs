using System.Net;
using System.Text;

namespace Isthmus.Inspection;

/// <summary>
/// The sockets of a process's network namespace as <c>/proc/PID/net</c> prints them: for namespaces that are not ours, and for kernels
/// without <see cref="SockDiag"/>. It does not tell the peer of a Unix socket.
/// </summary>
internal static class ProcNet
{
    private const int AcceptsConnections = 0x10000;

    // Num RefCount Protocol Flags Type St Inode Path
    public static void ParseUnix(ReadOnlySpan<byte> text, List<SocketNode> sockets)
    {
        TextCursor lines = new(text);
        lines.TryReadLine(out _);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            TextCursor words = new(line);
            words.SkipWords(3);
            ulong flags = words.ReadHex();
            SocketForm form = (SocketForm)words.ReadHex();
            ulong state = words.ReadHex();
            ulong inode = TextCursor.Unsigned(words.ReadWord());
            words.SkipBlanks();
            sockets.Add(new SocketNode(NodeId.Of(NodeKind.UnixSocket, inode), words.IsAtEnd ? null : Encoding.UTF8.GetString(words.Rest))
            {
                Form = form,
                // SS_CONNECTED is 3.
                State = (flags & AcceptsConnections) != 0 ? SocketState.Listening : state == 3 ? SocketState.Established : SocketState.Closed,
                IsKnown = true,
            });
        }
    }

    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode
    public static void ParseInet(ReadOnlySpan<byte> text, NodeKind kind, List<SocketNode> sockets)
    {
        TextCursor lines = new(text);
        lines.TryReadLine(out _);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            TextCursor words = new(line);
            words.ReadWord();
            string local = EndPoint(words.ReadWord(), out _);
            string remote = EndPoint(words.ReadWord(), out int remotePort);
            SocketState state = (SocketState)words.ReadHex();
            ReadOnlySpan<byte> queues = words.ReadWord();
            words.SkipWords(2);
            uint user = (uint)words.ReadNumber();
            words.ReadWord();
            ulong inode = TextCursor.Unsigned(words.ReadWord());
            if (inode != 0)
            {
                sockets.Add(new SocketNode(NodeId.Of(kind, inode), local)
                {
                    Form = kind == NodeKind.TcpSocket ? SocketForm.Stream : SocketForm.Datagram,
                    State = state,
                    PeerName = remotePort == 0 ? null : remote,
                    UserId = user,
                    Fill = (long)TextCursor.Hex(queues[(queues.IndexOf((byte)':') + 1)..]),
                    IsKnown = true,
                });
            }
        }
    }

    // 0100007F:1F90: the address as 32-bit numbers of this machine's byte order, the port as a plain one.
    private static string EndPoint(ReadOnlySpan<byte> word, out int port)
    {
        int colon = word.IndexOf((byte)':');
        port = (ushort)TextCursor.Hex(word[(colon + 1)..]);
        Span<byte> address = stackalloc byte[16];
        int length = colon == 32 ? 16 : 4;
        for (int at = 0; at < length && (at * 2) + 8 <= word.Length; at += 4)
        {
            BitConverter.TryWriteBytes(address[at..], (uint)TextCursor.Hex(word.Slice(at * 2, 8)));
        }
        return SocketAddress.Describe(new IPAddress(address[..length]), port);
    }
}
