using System.Text;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>Prints look after look, for files and other programs: text, or a line of JSON each. Each tells the rates since the one before it.</summary>
internal sealed class WatchBatch(WatchOptions options, WatchState state, Func<Snapshot> take)
{
    private readonly WatchOptions _options = options;
    private readonly WatchState _state = state;
    private readonly Func<Snapshot> _take = take;
    private readonly RateMeter _meter = new(readsProcesses: true);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using Stream output = Open();
        _meter.Advance(_take());
        for (int looks = 0; looks != _options.Count; looks++)
        {
            // From look to look, however long the last one took: in no time nothing moves.
            await Task.Delay(_options.Interval, cancellationToken);
            Snapshot snapshot = _take();
            WatchModel model = WatchModel.Of(snapshot, _meter.Advance(snapshot), _options.Filter);
            string text = _options.Json ? JsonWatch.Of(model).ToLine() : TextOf(model);
            try
            {
                output.Write(Encoding.UTF8.GetBytes(text + "\n"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw StandardOutput.Failure(error);
            }
        }
        return ExitCode.Done;
    }

    // The console's stream hides that nobody reads any more; but a file goes on where the last who wrote there has stopped, which only that one knows.
    private static Stream Open()
    {
        FileStream output = new(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return output.CanSeek ? Console.OpenStandardOutput() : output;
    }

    private string TextOf(WatchModel model)
    {
        IEnumerable<string> tables =
            from view in Enum.GetValues<WatchView>()
            select string.Join('\n', WatchScreen.Lines(WatchTables.HeadsOf(view), _state.RowsOf(model, view)).Select(line => line.TrimEnd()));
        return string.Join('\n', [
            WatchScreen.TitleOf(model, _state),
            .. model.Stuck.Select(chain => Printable.Of(chain.ToString())),
            "",
            string.Join("\n\n", tables),
            "",
        ]);
    }
}
