using System.CommandLine;

namespace Isthmus.Cli.Synchronization;

/// <summary><c>--directory</c> and <c>--any-owner</c>: where an object of Isthmus stands, and whose it may be.</summary>
internal sealed class SharedPlaceInput
{
    private readonly Option<string?> _directory = new("--directory")
    {
        Description = "Of an object of Isthmus: the directory of its name; your own, /dev/shm/isthmus-UID, by default.",
        HelpName = "path",
        CustomParser = FilePath.Parse,
    };

    private readonly Option<bool> _anyOwner = new("--any-owner") { Description = "Use it though another user owns it, or may write it." };

    private SharedPlaceInput(Command command)
    {
        command.Add(_directory);
        command.Add(_anyOwner);
    }

    public static SharedPlaceInput AddTo(Command command) => new(command);

    public bool AnyOwner(ParseResult line) => line.GetValue(_anyOwner);

    public string? Directory(ParseResult line) => line.GetValue(_directory);

    /// <summary>These options, for the place that was asked for.</summary>
    public T Options<T>(ParseResult line, T options)
        where T : SharedObjectOptions => options with { Directory = Directory(line), AnyOwner = AnyOwner(line) };
}
