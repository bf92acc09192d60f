using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket</c>: Unix, TCP and UDP sockets from the shell; and what its verbs share.</summary>
internal static class SocketCommand
{
    public static Command Create() => new CliCommand("socket", "Listen, send and receive through Unix, TCP and UDP sockets.")
    {
        SocketCreateCommand.Create(),
        SocketSendCommand.Create(),
        SocketReceiveCommand.Create(),
        SocketInfoCommand.Create(),
        SocketUnlinkCommand.Create(),
    };

    public static Option<SocketType?> TypeOption() => new("--type")
    {
        Description = "stream (the default), datagram or seqpacket; for Unix sockets.",
        HelpName = "type",
        CustomParser = ParseType,
    };

    public static Option<bool> TakeOverOption() => new("--take-over")
    {
        Description = "Replace the name of a dead socket; a living one is never touched.",
    };

    /// <summary>
    /// Runs a verb within its time, and tells the errors of TCP and UDP as those of Unix sockets are told.
    /// </summary>
    public static async Task<int> RunAsync(
        SocketName name, TimeSpan? timeout, Func<CancellationToken, Task> body, CancellationToken interrupted)
    {
        try
        {
            return await TimeLimit.RunAsync(timeout, RunBodyAsync, interrupted);
        }
        catch (SocketException error)
        {
            throw new CliException(Describe(error, name), ExitCode.System);
        }

        async Task<int> RunBodyAsync(CancellationToken token)
        {
            await body(token);
            return ExitCode.Done;
        }
    }

    /// <summary>What failed, told alike for all kinds of sockets.</summary>
    public static string Describe(Exception error, SocketName name) => error switch
    {
        // The resolver's errors have no errno.
        SocketException { NativeErrorCode: < 0 } => $"{error.Message} '{name}'",
        SocketException { NativeErrorCode: int errno } => $"{error.Message} ({(Errno)errno}) '{name}'",
        _ => error.Message,
    };

    public static void AddAll(Command command, params ReadOnlySpan<Option> options)
    {
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    public static string NameOf(SocketType type) => type switch
    {
        SocketType.Dgram => "datagram",
        SocketType.Seqpacket => "seqpacket",
        _ => "stream",
    };

    private static SocketType? ParseType(ArgumentResult argument)
    {
        SocketType? type = argument.Tokens[0].Value switch
        {
            "stream" => SocketType.Stream,
            "datagram" or "dgram" => SocketType.Dgram,
            "seqpacket" => SocketType.Seqpacket,
            _ => null,
        };
        if (type is null)
        {
            argument.AddError($"'{argument.Tokens[0].Value}' is no type. Choose stream, datagram or seqpacket.");
        }
        return type;
    }
}
