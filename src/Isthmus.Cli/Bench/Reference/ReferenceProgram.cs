using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>A running reference program: one command a line in, one answer a line out.</summary>
internal sealed class ReferenceProgram : IDisposable
{
    private readonly ChildProcess _process;
    private readonly StreamReader _answers;
    private readonly StreamWriter _commands;
    private bool _disposed;

    private ReferenceProgram(ChildProcess process)
    {
        _process = process;
        _answers = new StreamReader(process.StandardOutput!);
        _commands = new StreamWriter(process.StandardInput!) { AutoFlush = true, NewLine = "\n" };
    }

    public static ReferenceProgram Start(string executable, IReadOnlyList<string> arguments) => new(ChildProcess.Start(new ChildProcessOptions
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

    public string Ask(string command)
    {
        _commands.WriteLine(command);
        string answer = _answers.ReadLine() ?? throw new IOException($"The reference program ended at '{command}'.");
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
