namespace Isthmus.Examples;

internal static class SharedChannelExample
{
    public static Task RunAsync()
    {
        SharedStreamOptions here = new() { Directory = Directory.CreateTempSubdirectory().FullName };
        using SharedStream feed = SharedStream.Create("feed", here);
        feed.Write(new byte[1000]);
        SharedStream.Create("left", here).Dispose(); // As after the death of all who had it.

        foreach (SharedChannelEntry channel in SharedChannel.List(here))
        {
            string state = channel.Object.IsStale ? "stale" : $"in use by {channel.Object.Status!.Participants.Count}";
            Console.WriteLine($"{channel.Object.Kind} '{channel.Object.Name}': {state}, {channel.Fill!.Held} of {channel.Fill.Capacity} {channel.Fill.Unit}");
        }
        foreach (string name in new[] { "feed", "left" })
        {
            Console.WriteLine($"{name}: {(SharedObject.TryUnlinkStale(name, here) ? "removed" : "kept")}");
        }

        SharedStream.Unlink("feed", here.Directory);
        Directory.Delete(here.Directory!);
        return Task.CompletedTask;
    }
}

// Prints:
// stream 'feed': in use by 1, 1000 of 131072 Bytes
// stream 'left': stale, 0 of 131072 Bytes
// feed: kept
// left: removed
