using System.CommandLine;
using Isthmus.Cli.Stress;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stress-worker</c>: a process of <c>isthmus stress</c>, which starts it. Not for people.</summary>
internal static class StressWorkerCommand
{
    public const string Name = "stress-worker";

    public static Command Create()
    {
        Argument<string> family = new("family");
        Argument<string[]> order = new("order");
        CliCommand command = new(Name, "A process of stress.")
        {
            Hidden = true,
        };
        command.Add(family);
        command.Add(order);
        command.SetAction(line => WorkerProgram.Run(
            StressCatalog.Find(line.GetRequiredValue(family))!, WorkerOrder.Parse(line.GetRequiredValue(order))));
        return command;
    }
}
