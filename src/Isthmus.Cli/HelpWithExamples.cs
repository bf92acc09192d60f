using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Isthmus.Cli;

/// <summary>The parser's own help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    // As of the inner action: help wins over a line that lacks its arguments.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int result = inner.Invoke(parseResult);
        if (parseResult.CommandResult.Command is CliCommand { Examples.Count: > 0 } command)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (string example in command.Examples)
            {
                output.WriteLine("  " + example);
            }
            output.WriteLine();
        }
        return result;
    }
}
