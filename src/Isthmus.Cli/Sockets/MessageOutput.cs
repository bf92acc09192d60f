using System.CommandLine;

namespace Isthmus.Cli.Sockets;

/// <summary>
/// How many messages a command prints, and how: one is written raw; with <c>--count</c> or <c>--follow</c> each ends
/// with a newline, or a NUL with <c>-0</c>. Of a stream there are no messages: its bytes are written as they come.
/// </summary>
internal sealed class MessageOutput : IAsyncDisposable
{
    // Longer than any message that default limits allow; one that is longer is an error, not cut.
    private const int MessageBytesMax = 4 << 20;

    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly byte[] _buffer = new byte[MessageBytesMax];
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

    /// <summary>Prints what comes, until the other side ends or enough was printed.</summary>
    public async Task PrintAsync(Connection connection, CancellationToken cancellationToken)
    {
        int received;
        while ((Left > 0 || !connection.KeepsBounds)
            && (received = await connection.ReceiveAsync(_buffer, cancellationToken)) > 0)
        {
            await _output.WriteAsync(_buffer.AsMemory(0, received), cancellationToken);
            if (connection.KeepsBounds)
            {
                await _output.WriteAsync(_delimiter, cancellationToken);
                Left--;
            }
            await _output.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Counts a whole connection of a stream.</summary>
    public void CountConnection() => Left--;

    public ValueTask DisposeAsync() => _output.DisposeAsync();

    /// <summary>The three options, for the verbs that print.</summary>
    internal sealed class Options
    {
        private readonly Option<int?> _count = new("--count", "-c")
        {
            Description = "How many messages (or connections of a stream) to take.",
            HelpName = "n",
        };

        private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until interrupted." };
        private readonly Option<bool> _nul = new("-0") { Description = "End each message with a NUL instead of a newline." };

        public Options() => _count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--count takes a number from 1.");
            }
        });

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
