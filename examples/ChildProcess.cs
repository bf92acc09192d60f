using System.Text;

namespace Isthmus.Examples;

internal static class ChildProcessExample
{
    public static async Task RunAsync()
    {
        // Run to the end, with input, and a limit of time.
        CapturedOutput sorted = await ChildProcess.RunAsync(
            new ChildProcessOptions { FileName = "sort", Arguments = ["--reverse"] },
            new CaptureOptions { Input = Encoding.UTF8.GetBytes("apple\nplum\npear\n"), Timeout = TimeSpan.FromSeconds(30) });
        Console.Write(sorted.OutputText);

        // Start, talk, and end.
        using ChildProcess server = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "sh",
            Arguments = ["-c", "echo ready; exec sleep 1000"],
            Environment = new Dictionary<string, string?> { ["LANG"] = "C", ["DEBUG"] = null },
            WorkingDirectory = "/",
            StandardInput = StandardStream.Null,
            StandardOutput = StandardStream.Pipe,
            Nice = 5,
            Limits = [new ResourceLimit(LimitedResource.DescriptorCount, 1024)],
            DiesWithParent = true,
        });
        await foreach (string line in server.StandardOutput.ReadLinesAsync())
        {
            Console.WriteLine(line);
            server.Send(Signal.SIGTERM);
        }
        Console.WriteLine(await server.WaitAsync());
    }
}

// Prints:
// plum
// pear
// apple
// ready
// killed by SIGTERM (15)
