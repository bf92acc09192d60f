using System.CommandLine;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mq</c>: message queues from the shell; and what its verbs share.</summary>
internal static class MqCommand
{
    public static Command Create() => new CliCommand("mq", "Create, fill, empty and look at POSIX and System V message queues.")
    {
        MqCreateCommand.Create(),
        MqSendCommand.Create(),
        MqReceiveCommand.Create(),
        MqInfoCommand.Create(),
        MqUnlinkCommand.Create(),
    };

    public static Option<bool> AnyOwnerOption() => new("--any-owner")
    {
        Description = "Open it though another user owns it.",
    };

    /// <summary>Refuses options that only the other kind of queue has.</summary>
    /// <exception cref="CliException">One was given.</exception>
    public static void CheckKind(ParseResult line, ObjectName name, ReadOnlySpan<Option> ofPosix, ReadOnlySpan<Option> ofSystemV)
    {
        bool isPosix = name is ObjectName.Posix;
        foreach (Option option in isPosix ? ofSystemV : ofPosix)
        {
            if (line.GetResult(option) is { Implicit: false })
            {
                throw new CliException(isPosix
                    ? $"{option.Name} is for System V queues, and {name} is the name of a POSIX queue."
                    : $"{option.Name} is for POSIX queues, and {name} is a System V queue.");
            }
        }
    }
}
