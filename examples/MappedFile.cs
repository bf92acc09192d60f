namespace Isthmus.Examples;

internal static class MappedFileExample
{
    public static Task RunAsync()
    {
        string path = Path.Combine(Path.GetTempPath(), $"example-{Environment.ProcessId}.map");
        for (int start = 0; start < 3; start++)
        {
            using MappedFile file = MappedFile.OpenOrCreate(path, 4096);
            long starts = ++file.AsSpan<long>(offsetBytes: 0, count: 1)[0];
            file.Flush(); // On the disk now: a power cut does not take it back.
            Console.WriteLine($"start number {starts}");
        }
        MappedFile.Unlink(path);
        return Task.CompletedTask;
    }
}

// Prints:
// start number 1
// start number 2
// start number 3
