using System.CommandLine;

namespace Isthmus.Cli;

/// <summary>The library's hints speak of its properties; whoever types commands knows options.</summary>
internal static class OptionHints
{
    private const string AnyOwner = "--any-owner";

    // The option that the command itself must have, if any; what the library says; what the tool says.
    private static readonly (string? Option, string Said, string Says)[] s_hints =
    [
        (AnyOwner, "accept any owner", "give " + AnyOwner),
        (AnyOwner, "Accept such a mode, or any owner.", $"To use it nevertheless, give {AnyOwner}."),
        ("--take-over", "set TakeOverStaleName", "give --take-over"),
        (null, "more MaxParticipants", "a higher --max-participants"),
        (null, "more MaxPublishers", "a higher --max-publishers"),
        (null, "more MaxSubscribers", "a higher --max-subscribers"),
        (null, "places for producers are taken; make it with more.", "places for producers are taken; make it with a higher --max-producers."),
        (null, "places for consumers are taken; make it with more.", "places for consumers are taken; make it with a higher --max-consumers."),
        (null, "; PeerEnd says how", ""),
    ];

    /// <summary>The message, with the options of the tool in place of the library's names.</summary>
    public static string In(string message, Command command) => s_hints
        .Where(hint => hint.Option is null || command.Options.Any(option => option.Name == hint.Option))
        .Aggregate(message, (text, hint) => text.Replace(hint.Said, hint.Says, StringComparison.Ordinal));
}
