using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>What stands in a directory is listed without disturbing it; what nobody uses is known by proof, and only that is removed.</summary>
public sealed class SharedChannelTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedStreamOptions Here => new() { Directory = _directory.Root, CapacityBytes = 4096 };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void List_tells_of_each_channel_who_takes_part_and_how_full_it_is()
    {
        using SharedStream stream = SharedStream.Create("feed", Here);
        using SharedMutex mutex = SharedMutex.Create("lock", new() { Directory = _directory.Root });
        stream.Write(new byte[100]);
        SharedChannelEntry entry = Assert.Single(SharedChannel.List(Here));
        Assert.Equal(("feed", "stream", false, null), (entry.Object.Name, entry.Object.Kind, entry.Object.IsStale, entry.Object.Problem));
        Assert.Equal(new SharedChannelFill(100, 8192, 100, SharedChannelUnit.Bytes), entry.Fill);
        SharedParticipant participant = Assert.Single(entry.Object.Status!.Participants);
        Assert.Equal((Environment.ProcessId, true), (participant.Process.Id, participant.IsAlive));
        Assert.Equal(["feed", "lock"], SharedObject.List(Here).Select(each => each.Name));
        Assert.Empty(SharedChannel.List(new() { Directory = _directory["nowhere"] }));
    }

    [Fact]
    public void Listing_takes_no_slot_and_changes_nothing()
    {
        using SharedStream stream = SharedStream.Create("feed", Here);
        byte[] before = File.ReadAllBytes(_directory["feed"]);
        DateTime written = File.GetLastWriteTimeUtc(_directory["feed"]);
        for (int i = 0; i < 10; i++)
        {
            SharedChannel.List(Here);
        }
        Assert.Equal(before, File.ReadAllBytes(_directory["feed"]));
        Assert.Equal(written, File.GetLastWriteTimeUtc(_directory["feed"]));
    }

    [Fact]
    public async Task A_channel_is_stale_when_its_last_participant_was_killed_and_not_before()
    {
        using Child child = Child.Start(Hold, _directory.Root);
        Assert.Equal("ready", child.ReadLine());
        SharedObjectEntry entry = Assert.Single(SharedObject.List(Here));
        Assert.False(entry.IsStale);
        Assert.False(SharedObject.TryUnlinkStale("feed", Here));
        Assert.True(File.Exists(_directory["feed"]));
        child.Kill();
        // Who just reads its maps keeps its memory for a moment longer.
        await Eventually.IsTrue(() => Assert.Single(SharedObject.List(Here)).IsStale);
        entry = Assert.Single(SharedObject.List(Here));
        Assert.False(Assert.Single(entry.Status!.Participants).IsAlive);
        Assert.Equal(5, Assert.Single(SharedChannel.List(Here)).Fill!.Held);
        Assert.True(SharedObject.TryUnlinkStale("feed", Here));
        Assert.Empty(SharedObject.List(Here));
        Assert.Throws<FileNotFoundException>(() => SharedObject.TryUnlinkStale("feed", Here));
    }

    [Fact]
    public void One_who_is_just_opening_it_keeps_it()
    {
        SharedStream.Prepare("feed", Here);
        using (SafeFileHandle file = File.OpenHandle(_directory["feed"], FileMode.Open, FileAccess.ReadWrite))
        using (SegmentDoor.Enter(file, "feed"))
        {
            Assert.False(Assert.Single(SharedObject.List(Here)).IsStale);
            Assert.False(SharedObject.TryUnlinkStale("feed", Here));
        }
        Assert.True(Assert.Single(SharedObject.List(Here)).IsStale);
    }

    [Fact]
    public void What_is_no_shared_object_is_told_and_never_removed()
    {
        File.WriteAllText(_directory["notes"], "precious");
        Directory.CreateDirectory(_directory["folder"]);
        File.CreateSymbolicLink(_directory["link"], _directory["notes"]);
        IReadOnlyList<SharedObjectEntry> entries = SharedObject.List(Here);
        Assert.Equal(["folder", "link", "notes"], entries.Select(each => each.Name));
        Assert.All(entries, each => Assert.Equal((null, false, null), (each.Kind, each.IsStale, each.Status)));
        Assert.All(entries, each => Assert.NotNull(each.Problem));
        Assert.Empty(SharedChannel.List(Here));
        foreach (SharedObjectEntry entry in entries)
        {
            Assert.NotNull(Record.Exception(() => SharedObject.TryUnlinkStale(entry.Name, Here)));
        }
        Assert.Equal("precious", File.ReadAllText(_directory["notes"]));
        Assert.Throws<ArgumentException>(() => SharedObject.TryUnlinkStale("../notes", Here));
    }

    [Fact]
    public async Task Those_who_clean_and_list_while_others_open_never_take_what_somebody_has()
    {
        using CancellationTokenSource enough = new();
        Task<int>[] cleaners = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Clean(enough.Token)))];
        Task listing = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                SharedChannel.List(Here);
            }
        });
        byte[] byteRead = new byte[1];
        for (int round = 0; round < 300; round++)
        {
            using SharedStream first = SharedStream.OpenOrCreate("feed", Here);
            if (!first.IsFirst)
            {
                // That of the round before, not cleaned yet; its maker is gone.
                continue;
            }
            using SharedStream second = SharedStream.Open("feed", Here);
            Assert.False(first.Segment.HasLostName || second.Segment.HasLostName);
            first.Write([7]);
            Assert.Equal(1, second.Read(byteRead));
        }
        await enough.CancelAsync();
        await Task.WhenAll([.. cleaners, listing]).OrHang();
    }

    private int Clean(CancellationToken stop)
    {
        int removed = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                removed += SharedObject.TryUnlinkStale("feed", Here) ? 1 : 0;
            }
            catch (FileNotFoundException)
            {
                // The other was faster, or nothing is there.
            }
        }
        return removed;
    }

    private static void Hold(string[] args)
    {
        using SharedStream stream = SharedStream.Create("feed", new() { Directory = args[0], CapacityBytes = 4096 });
        stream.Write(new byte[5]);
        Console.WriteLine("ready");
        Console.ReadLine();
    }
}
