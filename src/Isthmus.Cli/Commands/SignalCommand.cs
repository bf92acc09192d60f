using System.CommandLine;
using System.CommandLine.Parsing;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus signal</c>: signals with all that belongs to them; and what its verbs share.</summary>
internal static class SignalCommand
{
    public static Command Create() => new CliCommand("signal", "Send, receive and look at signals.")
    {
        SignalSendCommand.Create(),
        SignalWaitCommand.Create(),
        SignalListCommand.Create(),
        SignalInfoCommand.Create(),
    };

    public static Argument<int> ProcessArgument() => new("pid")
    {
        Description = "The number of a process.",
        Validators = { ProcessNumber.Validate },
    };

    /// <summary>Null, and an error at the argument, when the text names no signal.</summary>
    public static Signal? Parse(SymbolResult argument, string text)
    {
        if (Signal.TryParse(text, out Signal signal))
        {
            return signal;
        }
        argument.AddError($"'{text}' is no signal. Write a name or a number: TERM, SIGUSR1, RTMIN+1, 15; 'isthmus signal list' names all.");
        return null;
    }
}
