using System.CommandLine;

namespace Isthmus.Cli;

/// <summary>
/// How many messages a command prints, and how: one is written raw; with <c>--count</c> or <c>--follow</c> each ends
/// with a newline, or a NUL with <c>-0</c>.
/// </summary>
internal sealed class MessageOutput : IAsyncDisposable
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly byte[] _delimiter;

    private MessageOutput(int? count, bool follow, bool nul)
    {
        Left = follow ? int.MaxValue : count ?? 1;
        _delimiter = count is null && !follow ? [] : nul ? [0] : "\n"u8.ToArray();
    }

    /// <summary>For a stream whose all is printed.</summary>
    public static MessageOutput OfStream() => new(null, follow: false, nul: false);

    /// <summary>How many more to print.</summary>
    public int Left { get; private set; }

    /// <summary>Prints a message and counts it.</summary>
    public async Task PrintAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        await _output.WriteAsync(message, cancellationToken);
        await _output.WriteAsync(_delimiter, cancellationToken);
        await _output.FlushAsync(cancellationToken);
        Left--;
    }

    /// <summary>Prints a part of a stream, which is no message.</summary>
    public async Task PrintPartAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _output.WriteAsync(bytes, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    /// <summary>Counts a whole connection of a stream.</summary>
    public void CountConnection() => Left--;

    public ValueTask DisposeAsync() => _output.DisposeAsync();

    /// <summary>The three options, for the verbs that print.</summary>
    internal sealed class Options
    {
        private readonly Option<int?> _count;
        private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until interrupted." };
        private readonly Option<bool> _nul = new("-0") { Description = "End each message with a NUL instead of a newline." };

        public Options(string whatIsCounted)
        {
            _count = new("--count", "-c") { Description = $"How many {whatIsCounted} to take.", HelpName = "n" };
            _count.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int?>() < 1)
                {
                    result.AddError("--count takes a number from 1.");
                }
            });
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
