using System.CommandLine;

namespace Isthmus.Cli;

/// <summary>A command with examples, which <c>--help</c> and the man page show.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>True for a command that runs another and ends with its exit code: its own failures have a code of
    /// their own, and it handles signals.</summary>
    public bool RunsCommand { get; init; }

    /// <summary>True for a command that signals are for: none of them ends it from outside.</summary>
    public bool TakesSignals { get; init; }

    /// <summary>Whole command lines as one would type them.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
