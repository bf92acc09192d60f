namespace Isthmus.Examples;

internal static class SubreaperExample
{
    public static async Task RunAsync()
    {
        await using Subreaper subreaper = Subreaper.Start();

        // A shell that leaves a process behind: an orphan, which would go to init.
        using ChildProcess parent = ChildProcess.Start("sh", "-c", "(sleep 0.2; exit 5) & exit 0");
        Console.WriteLine($"parent {await parent.WaitAsync()}");

        await foreach (ReapedOrphan orphan in subreaper.ReadAllAsync())
        {
            Console.WriteLine($"orphan {orphan.Name} {orphan.Status}");
            break;
        }
    }
}

// Prints:
// parent exited with 0
// orphan sh exited with 5
