using System.CommandLine;
using System.IO.Enumeration;

namespace Isthmus.Cli.Inspection;

/// <summary>The option <c>--name GLOB</c>: * stands for anything, ? for one character.</summary>
internal static class NamePattern
{
    public static Option<string?> Option(string of) => new("--name")
    {
        Description = $"Only {of} whose name fits; * stands for any characters, ? for one.",
        HelpName = "glob",
    };

    public static bool Fits(string? pattern, string? name) =>
        pattern is null || (name is not null && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
