using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus topic create</c>.</summary>
internal sealed class TopicCreateCommand
{
    private static readonly TopicOptions s_defaults = new();

    private readonly Option<long?> _size = ByteSize.Option(
        "--max-sample", $"The greatest size of a sample; {s_defaults.MaxSampleSize} by default.", 1, 1 << 30);

    private readonly Option<int?> _publishers = Count("--max-publishers", "How many may publish at once", s_defaults.MaxPublishers, 1, 64);
    private readonly Option<int?> _subscribers = Count("--max-subscribers", "How many may subscribe at once", s_defaults.MaxSubscribers, 1, 256);
    private readonly Option<int?> _loans = Count("--max-loans", "How many samples each may read in place at once", s_defaults.MaxLoans, 1, 32);

    private readonly Option<int?> _buffer = Count(
        "--buffer", "How many samples of a publisher each may be behind before it loses any, or blocks", s_defaults.Buffer, 1, 65_536);

    private readonly Option<int?> _history = Count(
        "--history", "How many of a publisher's last samples are kept for those who come later", s_defaults.History, 0, 65_536);

    private readonly SharedNameInput _name;
    private readonly SharedCreateInput _how;

    private TopicCreateCommand(Command command)
    {
        _name = SharedNameInput.AddTo(command);
        foreach (Option option in (Option[])[_size, _publishers, _subscribers, _loans, _buffer, _history])
        {
            command.Add(option);
        }
        _how = SharedCreateInput.AddTo(command);
        command.SetAction(Run);
    }

    public static Command Create()
    {
        CliCommand command = new("create", "Make a topic; fails when the name is taken. Its memory is allocated at once.")
        {
            Examples = ["isthmus topic create prices --history 1", "isthmus topic create frames --max-sample 8M --buffer 4 --max-publishers 1"],
        };
        _ = new TopicCreateCommand(command);
        return command;
    }

    private static Option<int?> Count(string name, string description, int byDefault, int least, int most) =>
        NumberOption.Create(name, $"{description}; {byDefault} by default.", least, most);

    private void Run(ParseResult line)
    {
        TopicOptions options = new()
        {
            MaxSampleSize = (int?)line.GetValue(_size) ?? s_defaults.MaxSampleSize,
            MaxPublishers = line.GetValue(_publishers) ?? s_defaults.MaxPublishers,
            MaxSubscribers = line.GetValue(_subscribers) ?? s_defaults.MaxSubscribers,
            MaxLoans = line.GetValue(_loans) ?? s_defaults.MaxLoans,
            Buffer = line.GetValue(_buffer) ?? s_defaults.Buffer,
            History = line.GetValue(_history) ?? s_defaults.History,
        };
        Topic.Create(_name.Get(line), _name.Options(line, _how.Options(line, options))).Dispose();
    }
}
