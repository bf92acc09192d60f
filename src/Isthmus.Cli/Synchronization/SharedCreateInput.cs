using System.CommandLine;

namespace Isthmus.Cli.Synchronization;

/// <summary>What a new object of Isthmus is made with, of any kind.</summary>
internal sealed class SharedCreateInput
{
    private const int ParticipantsMost = 1000;

    private readonly Option<int?> _participants = NumberOption.Create(
        "--max-participants",
        $"Of an object of Isthmus: how many may have it open at once; {new SharedObjectOptions().MaxParticipants} by default.",
        1,
        ParticipantsMost);

    private readonly Option<UnixFileMode?> _mode = FileModeOption.Create();

    private SharedCreateInput(Command command)
    {
        command.Add(_participants);
        command.Add(_mode);
    }

    public static SharedCreateInput AddTo(Command command) => new(command);

    public bool HasParticipants(ParseResult line) => line.GetValue(_participants) is not null;

    public UnixFileMode Mode(ParseResult line) => line.GetValue(_mode) ?? FileModeOption.OwnerOnly;

    /// <summary>These options, with what was asked for.</summary>
    public T Options<T>(ParseResult line, T options)
        where T : SharedObjectOptions => options with
        {
            MaxParticipants = line.GetValue(_participants) ?? options.MaxParticipants,
            Mode = Mode(line),
        };
}
