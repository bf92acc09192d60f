namespace Isthmus.Examples;

internal static class PipelineExample
{
    public static async Task RunAsync()
    {
        using Pipeline pipeline = Pipeline.Start(
            new ChildProcessOptions { FileName = "printf", Arguments = ["%s\n", "pear", "apple", "pear"] },
            new ChildProcessOptions { FileName = "sort" },
            new ChildProcessOptions { FileName = "uniq", StandardOutput = StandardStream.Pipe });

        await foreach (string line in pipeline.Stages[^1].StandardOutput.ReadLinesAsync())
        {
            Console.WriteLine(line);
        }
        IReadOnlyList<ExitStatus> statuses = await pipeline.WaitAsync();
        Console.WriteLine($"{statuses.Count} programs: {Pipeline.Combine(statuses)}");
    }
}

// Prints:
// apple
// pear
// 3 programs: exited with 0
