using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Isthmus.Cli.Sockets;

/// <summary>What the kernel's tables tell of a name, without touching its socket.</summary>
/// <param name="Type">Null when the table does not show it (a relative path, another network namespace).</param>
/// <param name="State">listening, bound, connected, dead, or none.</param>
/// <param name="Connections">Connected sockets that have the name: those that were accepted there.</param>
internal sealed record SocketTables(SocketType? Type, string State, int Connections)
{
    private const int AcceptsConnections = 0x10000;

    private static readonly IPAddress[] s_any = [IPAddress.Any, IPAddress.IPv6Any];

    public static async Task<SocketTables> ReadAsync(SocketName name, CancellationToken cancellationToken)
    {
        if (name.Unix is not null)
        {
            string[] lines = await File.ReadAllLinesAsync("/proc/net/unix", cancellationToken);
            return OfUnix(name.Unix, lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        }
        IPEndPoint address = await name.ResolveAsync(cancellationToken);
        IPGlobalProperties machine = IPGlobalProperties.GetIPGlobalProperties();
        if (name.FixedType == SocketType.Dgram)
        {
            return new SocketTables(SocketType.Dgram, machine.GetActiveUdpListeners().Any(Matches) ? "bound" : "none", 0);
        }
        int connections = machine.GetActiveTcpConnections()
            .Count(each => each.State == TcpState.Established && Matches(each.LocalEndPoint));
        string state = machine.GetActiveTcpListeners().Any(Matches) ? "listening" : connections > 0 ? "connected" : "none";
        return new SocketTables(SocketType.Stream, state, connections);

        bool Matches(IPEndPoint each) => each.Port == address.Port
            && (each.Address.Equals(address.Address) || s_any.Contains(each.Address));
    }

    // Columns: Num RefCount Protocol Flags Type St Inode Path.
    private static SocketTables OfUnix(UnixAddress address, IEnumerable<string[]> table)
    {
        string[][] rows = [.. table.Where(row => row.Length >= 8 && string.Join(' ', row[7..]) == address.ToString())];
        string[][] owners = [.. rows.Where(row => row[5] == "01")];
        int connections = rows.Count(row => row[5] == "03");
        SocketType? type = rows.Length > 0 ? (SocketType)Hexadecimal(rows[0][4]) : null;
        if (owners.Any(row => (Hexadecimal(row[3]) & AcceptsConnections) != 0))
        {
            return new SocketTables(type, "listening", connections);
        }
        string state = owners.Length > 0 || address.IsBound() ? "bound"
            : connections > 0 ? "connected"
            : File.Exists(address.Path) ? "dead"
            : "none";
        return new SocketTables(type, state, connections);
    }

    private static int Hexadecimal(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
