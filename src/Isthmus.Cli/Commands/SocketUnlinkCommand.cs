using System.CommandLine;
using Isthmus.Cli.Sockets;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus socket unlink</c>: removes what a dead process left; what lives only by force.</summary>
internal static class SocketUnlinkCommand
{
    public static Command Create()
    {
        Argument<SocketName> name = SocketName.Argument();
        Option<bool> force = new("--force")
        {
            Description = "Remove the name of a living socket too: nobody can connect to it any more.",
        };
        CliCommand command = new("unlink", "Remove the file of a dead Unix socket.")
        {
            Examples = ["isthmus socket unlink unix:/run/user/1000/x"],
        };
        command.Add(name);
        command.Add(force);
        command.SetAction(line =>
        {
            SocketName where = line.GetRequiredValue(name);
            UnixAddress address = where.Unix is { IsAbstract: false } path
                ? path
                : throw new CliException($"'{where}' is no file; such a name ends with its socket.");
            if (line.GetValue(force))
            {
                address.Unlink();
            }
            else if (!address.TryUnlinkDead())
            {
                throw new CliException($"A living socket has the name '{where}'; --force removes it all the same.", ExitCode.No);
            }
        });
        return command;
    }
}
