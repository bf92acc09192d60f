using System.Diagnostics;

namespace Isthmus.Stress.Channels;

/// <summary>
/// Wears channels out: <c>soak --count 100000000</c> messages in all, and a channel made, opened by its name, used and closed for each 100 of them.
/// Afterwards the process has what it had before.
/// </summary>
internal static class SoakStress
{
    private const int MessagesOfShortLife = 4, MessagesPerLife = 100;
    private const long ResidentSlack = 64L << 20;

    public static Task RunAsync(int count, string[] rest)
    {
        string directory = Directory.CreateTempSubdirectory("isthmus-soak-").FullName;
        try
        {
            ChannelSubject[] subjects = [.. ChannelSubject.All.Where(subject => rest.Length == 0 || rest.Contains(subject.Name))];
            foreach (ChannelSubject subject in subjects)
            {
                Run(subject, count / subjects.Length, directory);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
        return Task.CompletedTask;
    }

    private static void Run(ChannelSubject subject, long messages, string directory)
    {
        long lives = messages / MessagesPerLife, warm = Math.Min(lives, 1000);
        Repeat(subject, warm, directory);
        Require(subject.Live(warm * MessagesPerLife, directory) == warm * MessagesPerLife, $"{subject.Name}: not all messages came as they were sent.");
        (Footprint before, int mapsBefore, int filesBefore) = Look(directory);
        long start = Stopwatch.GetTimestamp();
        Repeat(subject, lives, directory);
        TimeSpan living = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        Require(subject.Live(messages, directory) == messages, $"{subject.Name}: not all messages came as they were sent.");
        TimeSpan sending = Stopwatch.GetElapsedTime(start);
        (Footprint after, int mapsAfter, int filesAfter) = Look(directory);
        Console.WriteLine($"{subject.Name}: {lives} lives in {living.TotalSeconds:0} s, {messages} messages in {sending.TotalSeconds:0} s");
        Console.WriteLine($"  before: {before}, {mapsBefore} maps, {filesBefore} files; after: {after}, {mapsAfter} maps, {filesAfter} files");
        Require(after.DescriptorCount <= before.DescriptorCount, $"Descriptors have grown by {after.NewSince(before)}.");
        Require(after.ThreadCount <= before.ThreadCount + 2, "Threads have grown.");
        // The collector maps and unmaps as it likes.
        Require(mapsAfter <= mapsBefore + 100 && filesAfter <= filesBefore, "Mappings or files have grown.");
        Require(after.ResidentBytes <= before.ResidentBytes + ResidentSlack, "Memory has grown.");
    }

    private static void Repeat(ChannelSubject subject, long lives, string directory)
    {
        for (long life = 0; life < lives; life++)
        {
            Require(subject.Live(MessagesOfShortLife, directory) == MessagesOfShortLife, $"{subject.Name}: a message came otherwise than it was sent.");
        }
    }

    private static (Footprint Footprint, int Maps, int Files) Look(string directory) =>
        (Footprint.Now(), File.ReadLines("/proc/self/maps").Count(), Directory.EnumerateFiles(directory).Count());

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
