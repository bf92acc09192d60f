using System.CommandLine;

namespace Isthmus.Cli.Synchronization;

/// <summary>What each verb takes to know an object of Isthmus: NAME, where it stands, and whose it may be.</summary>
internal sealed class SharedNameInput
{
    private readonly Argument<string> _name = new("name") { Description = "1 to 200 of A-Z a-z 0-9 . _ -, with no dot in front." };

    private readonly SharedPlaceInput _place;

    private SharedNameInput(Command command)
    {
        command.Add(_name);
        _place = SharedPlaceInput.AddTo(command);
    }

    public static SharedNameInput AddTo(Command command) => new(command);

    public string Get(ParseResult line) => line.GetRequiredValue(_name);

    public string? Directory(ParseResult line) => _place.Directory(line);

    /// <summary>These options, for the place that was asked for.</summary>
    public T Options<T>(ParseResult line, T options)
        where T : SharedObjectOptions => _place.Options(line, options);
}
