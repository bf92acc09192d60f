using System.CommandLine;
using System.CommandLine.Parsing;

namespace Isthmus.Cli;

/// <summary><c>--mode</c>: who may open the file that is made.</summary>
internal static class FileModeOption
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Option<UnixFileMode?> Create() => new("--mode")
    {
        Description = "The mode of the file, in octal, whatever the umask; 0600 by default.",
        HelpName = "mode",
        CustomParser = Parse,
    };

    private static UnixFileMode? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (text.Length is >= 1 and <= 4 && text.All(digit => digit is >= '0' and <= '7') && Convert.ToInt32(text, 8) <= 0x1FF)
        {
            return (UnixFileMode)Convert.ToInt32(text, 8);
        }
        argument.AddError($"'{text}' is no mode. Write it in octal: 0600, 0660.");
        return null;
    }
}
