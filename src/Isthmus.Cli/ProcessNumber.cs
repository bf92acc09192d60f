using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli;

/// <summary>Numbers of processes on the command line.</summary>
internal static class ProcessNumber
{
    /// <summary>Adds an error for each word that is no number of a process.</summary>
    public static void Validate(ArgumentResult argument)
    {
        foreach (Token token in argument.Tokens)
        {
            if (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id <= 0)
            {
                argument.AddError($"'{token.Value}' is no process number.");
            }
        }
    }
}
