using System.CommandLine;
using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus bench-peer</c>: the other process of <c>isthmus bench</c>, which starts it. Not for people.</summary>
internal static class BenchPeerCommand
{
    public const string Name = "bench-peer";

    /// <summary>Instead of a fault: a process that ends at once, whose start is measured.</summary>
    public const string EndAtOnce = "end";

    public static Command Create()
    {
        Argument<string> fault = new("fault");
        CliCommand command = new(Name, "The other process of bench.")
        {
            Hidden = true,
        };
        command.Add(fault);
        command.SetAction(line => line.GetValue(fault) == EndAtOnce
            ? ExitCode.Done
            : PeerProgram.Run(Enum.Parse<PeerFault>(line.GetValue(fault)!)));
        return command;
    }
}
