using System.CommandLine;
using System.Net.Sockets;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket receive</c>: the connecting side that listens, or a datagram receiver.</summary>
internal static class SocketReceiveCommand
{
    public static Command Create()
    {
        Argument<SocketName> name = SocketName.Argument();
        Option<SocketType?> type = SocketCommand.TypeOption();
        Option<UnixFileMode?> mode = FileModeOption.Create();
        Option<bool> takeOver = SocketCommand.TakeOverOption();
        Option<TimeSpan?> timeout = TimeLimit.Option();
        MessageOutput.Options output = new("messages (or connections of a stream)");
        CliCommand command = new("receive", "Connect and print what comes until the end; for datagrams, bind the name and print one.")
        {
            Examples =
            [
                "isthmus socket receive tcp:localhost:8080 > file",
                "isthmus socket receive udp:localhost:9000 --follow",
                "isthmus socket receive unix:/run/user/1000/x --type datagram --count 10",
            ],
        };
        command.Add(name);
        SocketCommand.AddAll(command, type, mode, takeOver, timeout);
        output.AddTo(command);
        command.SetAction((line, interrupted) =>
        {
            SocketName where = line.GetRequiredValue(name);
            SocketType kind = where.TypeOr(line.GetValue(type));
            UnixBindOptions options = new()
            {
                Mode = line.GetValue(mode) ?? FileModeOption.OwnerOnly,
                TakeOverStaleName = line.GetValue(takeOver),
            };
            return SocketCommand.RunAsync(
                where,
                line.GetValue(timeout),
                token => ReceiveAsync(where, kind, options, output.Open(line), token),
                interrupted);
        });
        return command;
    }

    private static async Task ReceiveAsync(
        SocketName name, SocketType type, UnixBindOptions options, MessageOutput output, CancellationToken cancellationToken)
    {
        await using (output)
        {
            using Connection connection = type == SocketType.Dgram
                ? await Connection.BindAsync(name, options, cancellationToken)
                : await Connection.ConnectAsync(name, type, cancellationToken);
            await connection.PrintAsync(output, cancellationToken);
        }
    }
}
