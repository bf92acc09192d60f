using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Semaphores;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore info</c>.</summary>
internal static class SemaphoreInfoCommand
{
    public static Command Create()
    {
        CliCommand command = new("info", "Tell a semaphore's value, and what its kind knows of its users.")
        {
            Examples = ["isthmus semaphore info slots", "isthmus semaphore info /lock", "isthmus semaphore info 0xbeef --json"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command, acceptsShared: true);
        SharedPlaceInput place = SharedPlaceInput.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print JSON." };
        command.Add(json);
        command.SetAction(line => SemaphoreObject.Run(() =>
        {
            if (name.Get(line) is ObjectName.Shared shared)
            {
                Print(SharedSemaphore.GetStatus(shared.Name, place.Options(line, new SharedObjectOptions())), line.GetValue(json));
                return;
            }
            SemaphoreReport.Print(SemaphoreReport.Of(name.Get(line)), line.GetValue(json));
        }));
        return command;
    }

    private static void Print(SharedSemaphoreStatus status, bool json) => SharedInfo.Write(
        new JsonSharedSemaphoreInfo(status), json, static () => JsonModel.Default.JsonSharedSemaphoreInfo, static info =>
        {
            SharedInfo.PrintRow("value", $"{info.Value} of {info.MaxValue}{(info.OwnerTracked ? ", owner-tracked" : "")}");
            foreach (JsonPermits holder in info.Holders)
            {
                SharedInfo.PrintRow("held", $"{holder.Count} by {SharedInfo.Describe(holder.Process)}");
            }
        });
}
