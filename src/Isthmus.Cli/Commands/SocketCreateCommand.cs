using System.CommandLine;
using System.Net.Sockets;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket create</c>: the listening side.</summary>
internal static class SocketCreateCommand
{
    public static Command Create()
    {
        Argument<SocketName> name = SocketName.Argument();
        Option<SocketType?> type = SocketCommand.TypeOption();
        Option<UnixFileMode?> mode = FileModeOption.Create();
        Option<bool> takeOver = SocketCommand.TakeOverOption();
        Option<int?> backlog = NumberOption.Create("--backlog", "How many connections may wait to be accepted; 128 by default.", 1, int.MaxValue);
        Option<bool> reply = new("--reply") { Description = "Send standard input to the client." };
        Option<TimeSpan?> timeout = TimeLimit.Option();
        MessageOutput.Options output = new("messages (or connections of a stream)");
        CliCommand command = new("create", "Listen, accept a connection, print what it sends; then remove the name.")
        {
            Examples =
            [
                "isthmus socket create unix:/run/user/1000/x > received",
                "isthmus socket create unix:@name --reply < answer",
                "isthmus socket create tcp:localhost:8080 --follow",
            ],
        };
        command.Add(name);
        SocketCommand.AddAll(command, type, mode, takeOver, backlog, reply, timeout);
        output.AddTo(command);
        command.SetAction((line, interrupted) =>
        {
            SocketName where = line.GetRequiredValue(name);
            SocketType kind = where.TypeOr(line.GetValue(type));
            if (kind == SocketType.Dgram)
            {
                throw new CliException($"Datagram sockets do not listen; use: isthmus socket receive {where}");
            }
            UnixListenerOptions options = new()
            {
                Type = kind,
                Mode = line.GetValue(mode) ?? FileModeOption.OwnerOnly,
                TakeOverStaleName = line.GetValue(takeOver),
                Backlog = line.GetValue(backlog) ?? 128,
            };
            return SocketCommand.RunAsync(
                where,
                line.GetValue(timeout),
                token => ServeAsync(where, options, line.GetValue(reply), output.Open(line), token),
                interrupted);
        });
        return command;
    }

    private static async Task ServeAsync(
        SocketName name, UnixListenerOptions options, bool reply, MessageOutput output, CancellationToken cancellationToken)
    {
        await using (output)
        {
            using Connection.Acceptor acceptor = await Connection.Acceptor.CreateAsync(name, options, cancellationToken);
            while (output.Left > 0)
            {
                await ServeOneAsync(acceptor, name, reply, output, cancellationToken);
            }
        }
    }

    private static async Task ServeOneAsync(
        Connection.Acceptor acceptor, SocketName name, bool reply, MessageOutput output, CancellationToken cancellationToken)
    {
        using Connection client = await acceptor.AcceptAsync(cancellationToken);
        try
        {
            await (reply ? client.ExchangeAsync(output, cancellationToken) : client.PrintAsync(output, cancellationToken));
            if (!client.KeepsBounds)
            {
                output.CountConnection();
            }
        }
        catch (Exception error) when (output.TakesSeveral && error is (IOException or SocketException))
        {
            // One client's failure must not take the listener from all others.
            CommandLine.Warn("isthmus socket create", SocketCommand.Describe(error, name));
        }
    }
}
