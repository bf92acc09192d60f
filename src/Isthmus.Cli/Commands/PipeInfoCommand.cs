using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Isthmus.Cli.Pipes;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus pipe info PID:FD</c>: what is known of a pipe without disturbing it.</summary>
internal static class PipeInfoCommand
{
    public static Command Create()
    {
        Argument<(int ProcessId, int Descriptor)> pipe = new("pid:fd")
        {
            Description = "A process and the number of its descriptor: 1234:1 is the standard output of process 1234.",
            CustomParser = Parse,
        };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new("info", "Tell who reads and writes a pipe, and how full it is.")
        {
            Examples = ["isthmus pipe info 1234:1", "isthmus pipe info 1234:0 --json"],
        };
        command.Add(pipe);
        command.Add(json);
        command.SetAction(line =>
        {
            (int processId, int descriptor) = line.GetRequiredValue(pipe);
            PipeReport.Print(PipeReport.Of(PipeInfo.OfDescriptor(processId, descriptor), null), line.GetValue(json));
        });
        return command;
    }

    private static (int ProcessId, int Descriptor) Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (text.Split(':') is [string process, string descriptor]
            && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int processId) && processId > 0
            && int.TryParse(descriptor, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return (processId, number);
        }
        argument.AddError($"'{text}' names no descriptor. Write PID:FD, for example 1234:1.");
        return default;
    }
}
