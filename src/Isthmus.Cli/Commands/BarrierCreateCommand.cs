using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus barrier create</c>.</summary>
internal static class BarrierCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make a barrier, which has no members yet; fails when the name is taken.")
        {
            Examples = ["isthmus barrier create start"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        SharedCreateInput how = SharedCreateInput.AddTo(command);
        command.SetAction(line => SharedBarrier.Create(name.Get(line), name.Options(line, how.Options(line, new SharedObjectOptions()))).Dispose());
        return command;
    }
}
