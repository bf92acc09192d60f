using System.Globalization;

namespace Isthmus.Tests.Processes;

/// <summary>What tests of processes wait for.</summary>
internal static class ProcessWait
{
    /// <summary>Completes when there is no such process any more, or only its zombie.</summary>
    public static async Task GoneAsync(int pid)
    {
        if (ProcessHandle.TryOpen(pid, out ProcessHandle? process))
        {
            using (process)
            {
                await process.WaitAsync();
            }
        }
    }

    /// <summary>The number that another process writes into a file as a line.</summary>
    public static async Task<int> PidInAsync(string path)
    {
        while (!File.Exists(path) || !File.ReadAllText(path).EndsWith('\n'))
        {
            await Task.Yield();
        }
        return int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
    }
}
