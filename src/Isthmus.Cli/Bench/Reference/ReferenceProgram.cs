using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>A running reference program: one command a line in, one answer a line out.</summary>
internal sealed class ReferenceProgram : IDisposable
{
    private readonly ChildProcess _process;
    private readonly StreamReader _answers;
    private readonly StreamWriter _commands;
    private readonly TimeSpan _patience;
    private bool _disposed;

    private ReferenceProgram(TimeSpan patience, ChildProcess process)
    {
        _patience = patience;
        _process = process;
        _answers = new StreamReader(process.StandardOutput!);
        _commands = new StreamWriter(process.StandardInput!) { AutoFlush = true, NewLine = "\n" };
    }

    /// <param name="patience">How long it may take for an answer.</param>
    /// <param name="executable">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ReferenceProgram Start(TimeSpan patience, string executable, IReadOnlyList<string> arguments) => new(
        patience,
        ChildProcess.Start(new ChildProcessOptions
        {
            FileName = executable,
            Arguments = arguments,
            StandardInput = StandardStream.Pipe,
            StandardOutput = StandardStream.Pipe,
            Group = ChildGroup.New,
        }));

    /// <summary>Sends a command and waits for the numbers that answer it.</summary>
    public double[] Ask(string row, int size, string command)
    {
        string answer = Ask(command);
        return answer.StartsWith("corrupt ", StringComparison.Ordinal)
            ? throw new CorruptDataException(row, size, long.Parse(answer.Split(' ')[1], CultureInfo.InvariantCulture))
            : [.. answer.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    /// <exception cref="ReferenceLostException">It has ended, or does not answer in time, and is killed then.</exception>
    public string Ask(string command)
    {
        _commands.WriteLine(command);
        Task<string?> asked = _answers.ReadLineAsync();
        if (!((IAsyncResult)asked).AsyncWaitHandle.WaitOne(_patience))
        {
            _process.Kill();
            string limit = _patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            throw new ReferenceLostException($"The reference program did not answer '{command}' in {limit} s.");
        }
        string answer = asked.GetAwaiter().GetResult()
            ?? throw new ReferenceLostException($"The reference program ended at '{command}'.");
        return answer.StartsWith("error ", StringComparison.Ordinal)
            ? throw new IOException($"The reference program failed at '{command}': {answer[6..]}.")
            : answer;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }
        _commands.Dispose();
        _answers.Dispose();
        _process.Kill();
        _process.Wait();
        _process.Dispose();
    }
}
