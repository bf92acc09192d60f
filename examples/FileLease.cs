using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Examples;

internal static class FileLeaseExample
{
    public static async Task RunAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), $"example-{Environment.ProcessId}.txt");
        await File.WriteAllTextAsync(path, "on the disk");
        using (SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite))
        {
            if (!FileLease.TryAcquire(file, FileLeaseKind.Write, out FileLease? lease))
            {
                Console.WriteLine("the file is open elsewhere");
                return;
            }
            string cache = "better than what is on the disk";

            // Somebody who knows nothing of the cache opens the file, and waits in open(2).
            Task<string> reader = Task.Factory.StartNew(() => File.ReadAllText(path), TaskCreationOptions.LongRunning);
            FileLeaseKind? demanded = await lease.WaitForBreakAsync();
            Console.WriteLine($"lease: {lease.Kind}, demanded: {demanded}");

            await RandomAccess.WriteAsync(file, Encoding.UTF8.GetBytes(cache), 0);
            lease.Release();
            Console.WriteLine(await reader);
        }
        File.Delete(path);
    }
}

// Prints:
// lease: Write, demanded: Read
// better than what is on the disk
