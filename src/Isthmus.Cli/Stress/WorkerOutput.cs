namespace Isthmus.Cli.Stress;

/// <summary>What the processes of a run print: nothing, unless something is wrong.</summary>
internal sealed class WorkerOutput : IDisposable
{
    private const int LinesMax = 20;

    private readonly AnonymousPipe _pipe = AnonymousPipe.Create();
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    private WorkerOutput()
    {
    }

    /// <summary>To be given to them.</summary>
    public SafeFileHandle Writer => _pipe.Writer.Handle;

    /// <summary>What stands there; only the first lines when there are many.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public static WorkerOutput Start()
    {
        WorkerOutput output = new();
        _ = output.ReadAsync();
        return output;
    }

    public void Dispose() => _pipe.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            await foreach (string line in StreamLines.ReadLinesAsync(_pipe.Reader))
            {
                Add(line);
            }
        }
        catch (ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count < LinesMax && line.Length > 0)
            {
                _lines.Add(line);
            }
        }
    }
}
