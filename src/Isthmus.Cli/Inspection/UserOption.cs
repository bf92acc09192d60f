using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>The option <c>--user USER</c>, of commands that list processes.</summary>
internal static class UserOption
{
    public static Option<string?> Create() => new("--user")
    {
        Description = "Only processes of this user, by name or number.",
        HelpName = "user",
        CustomParser = Parse,
    };

    /// <summary>Whether a process is of the user, by name or number; any is, where none is wanted.</summary>
    public static bool Fits(string? user, ProcessNode process) =>
        user is null || UserNames.Of(process.UserId) == user || process.UserId.ToString(CultureInfo.InvariantCulture) == user;

    private static string? Parse(ArgumentResult argument)
    {
        string user = argument.Tokens[0].Value;
        if (!UserNames.IsKnown(user) && !uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            argument.AddError($"--user: /etc/passwd has no user '{user}'. A user from elsewhere goes by the number.");
        }
        return user;
    }
}
