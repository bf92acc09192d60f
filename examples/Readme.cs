namespace Isthmus.Examples;

internal static class ReadmeExample
{
    public static async Task RunAsync()
    {
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "sort",
            StandardInput = StandardStream.Pipe,
            StandardOutput = StandardStream.Pipe,
            DiesWithParent = true, // also when this process is ended by SIGKILL
        });
        await child.StandardInput.WriteAsync("Suez\nPanama\nCorinth\n"u8.ToArray());
        child.StandardInput.Dispose();
        string sorted = await new StreamReader(child.StandardOutput).ReadToEndAsync();
        ExitStatus status = await child.WaitAsync(); // by pidfd in one event loop: no thread is parked
        Console.WriteLine($"{sorted}sort {status}");
    }
}

// Prints:
// Corinth
// Panama
// Suez
// sort exited with 0
