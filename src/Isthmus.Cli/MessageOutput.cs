using System.CommandLine;

namespace Isthmus.Cli;

/// <summary>
/// How many messages a command prints, and how: one is written raw; with <c>--count</c> or <c>--follow</c> each ends
/// with a newline, or a NUL with <c>-0</c>.
/// </summary>
internal sealed class MessageOutput : IAsyncDisposable
{
    private readonly StandardOutput _output = new();
    private readonly byte[] _delimiter;

    private MessageOutput(int? count, bool follow, bool nul)
    {
        TakesSeveral = follow || count is not null;
        Left = follow ? int.MaxValue : count ?? 1;
        _delimiter = !TakesSeveral ? [] : nul ? [0] : "\n"u8.ToArray();
    }

    /// <summary>For a stream whose all is printed.</summary>
    public static MessageOutput OfStream() => new(null, follow: false, nul: false);

    /// <summary>How many more to print.</summary>
    public int Left { get; private set; }

    /// <summary>More than one was asked for.</summary>
    public bool TakesSeveral { get; }

    /// <summary>Prints a message and counts it.</summary>
    /// <exception cref="CliException">It cannot be printed.</exception>
    public async Task PrintAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        await WriteAsync(message, _delimiter, cancellationToken);
        Left--;
    }

    /// <summary>Prints a part of a stream, which is no message.</summary>
    /// <exception cref="CliException">It cannot be printed.</exception>
    public Task PrintPartAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => WriteAsync(bytes, [], cancellationToken);

    /// <summary>Counts a whole connection of a stream.</summary>
    public void CountConnection() => Left--;

    public ValueTask DisposeAsync() => _output.DisposeAsync();

    private async Task WriteAsync(ReadOnlyMemory<byte> data, byte[] delimiter, CancellationToken cancellationToken)
    {
        await _output.WriteAsync(data, cancellationToken);
        await _output.WriteAsync(delimiter, cancellationToken);
    }

    /// <summary>The three options, for the verbs that print.</summary>
    internal sealed class Options
    {
        private readonly Option<int?> _count;
        private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until interrupted." };
        private readonly Option<bool> _nul = new("-0") { Description = "End each message with a NUL instead of a newline." };

        public Options(string whatIsCounted)
        {
            _count = NumberOption.Create("--count", $"How many {whatIsCounted} to take.", 1, int.MaxValue);
            _count.Aliases.Add("-c");
        }

        public Option<bool> Follow => _follow;

        public void AddTo(Command command)
        {
            command.Add(_count);
            command.Add(_follow);
            command.Add(_nul);
        }

        public MessageOutput Open(ParseResult line) =>
            new(line.GetValue(_count), line.GetValue(_follow), line.GetValue(_nul));
    }
}
