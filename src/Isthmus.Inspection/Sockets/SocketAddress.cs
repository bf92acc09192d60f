using System.Buffers.Binary;
using System.Net;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>An address as programs pass it to <c>connect(2)</c>, written as the sockets' names are.</summary>
internal static class SocketAddress
{
    /// <summary>Null for families that have no names here.</summary>
    public static string? Describe(ReadOnlySpan<byte> address) => BitConverter.ToUInt16(address) switch
    {
        LibC.AF_UNIX when address[2] == 0 => "@" + Encoding.UTF8.GetString(address[3..]).Replace('\0', '@'),
        LibC.AF_UNIX => Encoding.UTF8.GetString(address[2..][..End(address[2..])]),
        LibC.AF_INET when address.Length >= 8 => Describe(new IPAddress(address.Slice(4, 4)), Port(address)),
        LibC.AF_INET6 when address.Length >= 24 => Describe(new IPAddress(address.Slice(8, 16)), Port(address)),
        _ => null,
    };

    /// <summary>An IPv4 address inside IPv6 is written as what it is, so that both ends of a connection have the same names.</summary>
    public static string Describe(IPAddress address, int port) =>
        new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port).ToString();

    /// <summary>Of a name as it is written here: it counts in its own network namespace only.</summary>
    public static bool IsLoopback(string name) => name.StartsWith("127.", StringComparison.Ordinal) || name.StartsWith("[::1]:", StringComparison.Ordinal);

    private static int Port(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]);

    private static int End(ReadOnlySpan<byte> path) => path.IndexOf((byte)0) is >= 0 and int end ? end : path.Length;
}
