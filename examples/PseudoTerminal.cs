namespace Isthmus.Examples;

internal static class PseudoTerminalExample
{
    public static async Task RunAsync()
    {
        using PseudoTerminal terminal = PseudoTerminal.Create(new TerminalSize(Columns: 100, Rows: 30));
        StandardStream side = StandardStream.Terminal(terminal);
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "sh",
            Arguments = ["-c", "stty size; stty -echo; read name; echo hello $name"],
            StandardInput = side,
            StandardOutput = side,
            StandardError = side,
        });

        await using IAsyncEnumerator<string> lines = terminal.ReadLinesAsync().GetAsyncEnumerator();
        await lines.MoveNextAsync();
        Console.WriteLine($"rows and columns: {lines.Current}");
        await terminal.WriteAsync("world\n"u8.ToArray());
        while (await lines.MoveNextAsync() && !lines.Current.StartsWith("hello", StringComparison.Ordinal))
        {
        }
        Console.WriteLine(lines.Current);
        Console.WriteLine(await child.WaitAsync());
    }
}

// Prints:
// rows and columns: 30 100
// hello world
// exited with 0
