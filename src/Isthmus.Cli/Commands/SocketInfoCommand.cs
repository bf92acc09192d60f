using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket info</c>: what is known of a name without disturbing its socket.</summary>
internal static class SocketInfoCommand
{
    public static Command Create()
    {
        Argument<SocketName> name = SocketName.Argument();
        Option<bool> peer = new("--peer")
        {
            Description = "Connect to a listening Unix socket and tell who listens; it sees a connection that closes at once.",
        };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new("info", "Tell the type of a socket, whether it listens, lives or is dead, its owner and mode.")
        {
            Examples = ["isthmus socket info unix:/run/user/1000/bus", "isthmus socket info tcp:localhost:22 --json"],
        };
        command.Add(name);
        command.Add(peer);
        command.Add(json);
        command.SetAction((line, interrupted) =>
        {
            SocketName where = line.GetRequiredValue(name);
            Action<JsonSocketInfo> print = line.GetValue(json)
                ? info => JsonDocument.Write(info, JsonModel.Default.JsonSocketInfo)
                : Print;
            return SocketCommand.RunAsync(
                where, null, async token => print(await ReadAsync(where, line.GetValue(peer), token)), interrupted);
        });
        return command;
    }

    private static async Task<JsonSocketInfo> ReadAsync(SocketName name, bool withPeer, CancellationToken cancellationToken)
    {
        // First, because it says why a file is no socket.
        UnixSocketFile? file = name.Unix is { IsAbstract: false } address ? address.Stat() : null;
        SocketTables tables = await SocketTables.ReadAsync(name, cancellationToken);
        if (tables.State == "none")
        {
            throw new CliException($"Nobody has the name '{name}'.", ExitCode.No);
        }
        JsonSocketPeer? peer = withPeer ? await PeerAsync(name, tables, cancellationToken) : null;
        return new JsonSocketInfo(
            new JsonObject(name.Unix is null ? name.Text[..3] : "unix", null, name.Text),
            tables.Type is { } type ? SocketCommand.NameOf(type) : null,
            tables.State,
            tables.Connections,
            file is null ? null : "0" + Convert.ToString((int)file.Value.Mode, 8),
            file?.UserId,
            file?.GroupId,
            peer);
    }

    private static async Task<JsonSocketPeer> PeerAsync(
        SocketName name, SocketTables tables, CancellationToken cancellationToken)
    {
        if (name.Unix is null || tables.State != "listening")
        {
            throw new CliException("--peer needs a Unix socket that listens.");
        }
        UnixConnectOptions options = new() { Type = tables.Type ?? SocketType.Stream, Peer = PeerPolicy.Anyone };
        using UnixSocket socket = await UnixSocket.ConnectAsync(name.Unix, options, cancellationToken);
        PeerCredentials peer = socket.PeerCredentials;
        return new JsonSocketPeer(peer.ProcessId, peer.UserId, peer.GroupId);
    }

    private static void Print(JsonSocketInfo info)
    {
        PrintRow("name", info.Object.Name);
        PrintRow("type", info.Type);
        PrintRow("state", info.State);
        PrintRow("connections", info.Connections.ToString(CultureInfo.InvariantCulture));
        PrintRow("mode", info.Mode);
        PrintRow("owner", info.Uid is null ? null : $"user {info.Uid}, group {info.Gid}");
        PrintRow("peer", info.Peer is null ? null : $"process {info.Peer.Pid}, user {info.Peer.Uid}, group {info.Peer.Gid}");
    }

    private static void PrintRow(string label, string? value)
    {
        if (value is not null)
        {
            Console.WriteLine($"{label + ":",-13}{value}");
        }
    }
}
