using System.CommandLine.Parsing;

namespace Isthmus.Cli;

/// <summary>Paths on the command line.</summary>
internal static class FilePath
{
    /// <summary>Refuses the empty one: an unset variable of a script, which no call would understand.</summary>
    public static string? Parse(ArgumentResult argument)
    {
        string path = argument.Tokens[0].Value;
        if (path.Length == 0)
        {
            argument.AddError("A path is not empty.");
        }
        return path;
    }
}
