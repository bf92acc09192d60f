using System.CommandLine;
using System.Net.Sockets;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket send</c>: the connecting side that speaks first.</summary>
internal static class SocketSendCommand
{
    public static Command Create()
    {
        Argument<SocketName> name = SocketName.Argument();
        Option<SocketType?> type = SocketCommand.TypeOption();
        Option<TimeSpan?> timeout = TimeLimit.Option();
        CliCommand command = new("send", "Connect and send standard input; of a stream, print the answer until the other side closes.")
        {
            Examples =
            [
                "isthmus socket send unix:/run/user/1000/x < file",
                "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | isthmus socket send tcp:localhost:80 --timeout 5s",
                "echo hello | isthmus socket send udp:localhost:9000",
            ],
        };
        command.Add(name);
        command.Add(type);
        command.Add(timeout);
        command.SetAction((line, interrupted) =>
        {
            SocketName where = line.GetRequiredValue(name);
            SocketType kind = where.TypeOr(line.GetValue(type));
            return SocketCommand.RunAsync(where, line.GetValue(timeout), token => SendAsync(where, kind, token), interrupted);
        });
        return command;
    }

    private static async Task SendAsync(SocketName name, SocketType type, CancellationToken cancellationToken)
    {
        using Connection connection = await Connection.ConnectAsync(name, type, cancellationToken);
        if (connection.KeepsBounds)
        {
            await connection.SendInputAsync(cancellationToken);
            return;
        }
        await using MessageOutput output = MessageOutput.OfStream();
        await connection.ExchangeAsync(output, cancellationToken);
    }
}
