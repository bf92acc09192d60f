namespace Isthmus.Examples;

internal static class ExecExample
{
    public static async Task RunAsync()
    {
        try
        {
            Exec.Replace("no-such-program");
        }
        catch (FileNotFoundException)
        {
            Console.WriteLine("still here");
        }
        // What stands in a buffer would be lost.
        await Console.Out.FlushAsync();
        Exec.Replace(new ExecOptions
        {
            FileName = "sh",
            Arguments = ["-c", $"[ $$ = {Environment.ProcessId} ] && echo the same process, $GREETING"],
            Environment = new Dictionary<string, string?> { ["GREETING"] = "another program" },
        });
    }
}

// Prints:
// still here
// the same process, another program
