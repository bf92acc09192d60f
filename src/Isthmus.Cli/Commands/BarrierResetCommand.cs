using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus barrier reset</c>.</summary>
internal static class BarrierResetCommand
{
    public static Command Create()
    {
        CliCommand command = new("reset", "Mend a broken barrier. Who waits just now is told that it was broken.")
        {
            Examples = ["isthmus barrier reset start"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        command.SetAction(line =>
        {
            using SharedBarrier barrier = SharedBarrier.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
            barrier.Reset();
        });
        return command;
    }
}
