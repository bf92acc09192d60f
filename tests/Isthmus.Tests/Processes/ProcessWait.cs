using System.Globalization;
using Isthmus.Tests.Harness;

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
        await Eventually.IsTrue(() => File.Exists(path) && File.ReadAllText(path).EndsWith('\n'));
        return int.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture);
    }
}
