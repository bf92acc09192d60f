namespace Isthmus.Examples;

internal static class AnonymousPipeExample
{
    public static async Task RunAsync()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();

        // A child gets the read end as its standard input; here only the write end is kept.
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "wc",
            Arguments = ["-c"],
            StandardInput = StandardStream.Handle(pipe.Reader.Handle),
            StandardOutput = StandardStream.Pipe,
        });
        pipe.Reader.Dispose();

        await pipe.Writer.WriteAsync(new byte[1_000_000]); // More than the pipe holds: it waits while the child reads.
        pipe.Writer.Dispose();                             // The child reads the end.

        using StreamReader answer = new(child.StandardOutput);
        Console.WriteLine($"the child counted {(await answer.ReadToEndAsync()).Trim()} bytes");
        Console.WriteLine(child.Wait());
    }
}

// Prints:
// the child counted 1000000 bytes
// exited with 0
