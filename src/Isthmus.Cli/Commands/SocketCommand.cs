using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket</c>: Unix, TCP and UDP sockets from the shell; and what its verbs share.</summary>
internal static class SocketCommand
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Command Create() => new CliCommand("socket", "Listen, send and receive through Unix, TCP and UDP sockets.")
    {
        SocketCreateCommand.Create(),
        SocketSendCommand.Create(),
        SocketReceiveCommand.Create(),
        SocketInfoCommand.Create(),
        SocketUnlinkCommand.Create(),
    };

    public static Option<TimeSpan?> TimeoutOption() =>
        Duration.Option("--timeout", "Give up, with exit code 1, when it takes longer.");

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

    public static Option<UnixFileMode?> ModeOption() => new("--mode")
    {
        Description = "The mode of the socket file, in octal; 0600 by default.",
        HelpName = "mode",
        CustomParser = ParseMode,
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
            throw new CliException($"{error.Message} ({(Errno)error.NativeErrorCode}) '{name}'", ExitCode.System);
        }

        async Task<int> RunBodyAsync(CancellationToken token)
        {
            await body(token);
            return ExitCode.Done;
        }
    }

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

    private static UnixFileMode? ParseMode(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (text.Length is >= 1 and <= 4 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) <= 0x1FF)
        {
            return (UnixFileMode)Convert.ToInt32(text, 8);
        }
        argument.AddError($"'{text}' is no mode. Write it in octal: 0600, 0660.");
        return null;
    }
}
