namespace Isthmus.Examples;

internal static class ProcessHandleExample
{
    public static async Task RunAsync()
    {
        using ChildProcess worker = ChildProcess.Start("sleep", "1000");

        // The identity fits into a file or a message, and leads any program of this machine to exactly this process.
        string text = worker.Process.Identity.ToString();
        if (ProcessIdentity.TryParse(text, out ProcessIdentity identity) && ProcessHandle.TryOpen(identity, out ProcessHandle? process))
        {
            using (process)
            {
                Console.WriteLine($"{process.Name}, ended: {process.HasExited}");
                ExitStatus status = await process.StopAsync(TimeSpan.FromSeconds(10));
                Console.WriteLine($"{status}; a shell says {status.ShellCode}");
                Console.WriteLine($"sent: {process.Send(Signal.SIGKILL)}");
            }
        }
        await worker.WaitAsync();
        Console.WriteLine($"opened again: {ProcessHandle.TryOpen(identity, out _)}");
    }
}

// Prints:
// sleep, ended: False
// killed by SIGTERM (15); a shell says 143
// sent: False
// opened again: False
