using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>Looking without taking part.</summary>
public sealed class SegmentSnapshotTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedObjectOptions Here => TestKind.In(_directory.Root);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public unsafe void It_tells_what_the_segment_is_and_changes_nothing()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, "x", Here with { MaxParticipants = 5 }, [7], [11], dataSize: 1);
        ((ulong*)segment.State)[StateLayout.Slot(4) + 15] = 13;
        byte[] before = File.ReadAllBytes(_directory["x"]);

        SegmentSnapshot seen = SegmentSnapshot.Take(null, "x", Here);

        Assert.Equal(("x", segment.Id, "TestMutex", 0x7E57u, TestKind.Mutex.LayoutHash), (seen.Name, seen.Id, seen.KindName, seen.KindId, seen.LayoutHash));
        Assert.Equal((5, 131_072L, 1, new Version(1, 0)), (seen.Capacity, seen.Size, seen.SlotsInUse, seen.FormatVersion));
        Assert.Equal(ProcessIdentity.Current, seen.Creator);
        Assert.Equal((7ul, 13ul), (seen.Word(0), seen.Word(StateLayout.Slot(4) + 15)));
        Assert.Equal((11ul, 0ul), (seen.Config(0), seen.Config(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => seen.Word(StateLayout.Slot(5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => seen.Word(-1));
        Assert.Equal(before, File.ReadAllBytes(_directory["x"]));
    }

    [Fact]
    public void It_tells_the_living_from_the_dead()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        using Segment leaving = TestKind.Open(_directory.Root);
        TestKind.EnterAndDie(_directory.Root);
        leaving.Dispose();

        SegmentSnapshot seen = SegmentSnapshot.Take(TestKind.Mutex, "x", Here);

        Assert.Equal([(0, true), (2, false)], seen.Participants.Select(each => (each.Who.Slot, each.IsAlive)));
        Assert.All(seen.Participants, each => Assert.Equal(ProcessIdentity.Current, each.Who.Identity));
        Assert.Equal((3, segment.Roster.Version), (seen.SlotsInUse, seen.RosterVersion));
        Assert.Equal(2, MutexWord.OwnerOf(seen.Word(MutexWord.Word)));
    }

    [Fact]
    public void It_takes_no_slot_where_all_are_taken()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, "x", Here with { MaxParticipants = 1 }, [], []);
        Assert.True(Assert.Single(SegmentSnapshot.Take(null, "x", Here).Participants).IsAlive);
    }

    [Fact]
    public void Memory_without_a_name_is_seen_by_its_descriptor()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [3], []);
        using SafeFileHandle shared = segment.Share();
        SegmentSnapshot seen = SegmentSnapshot.Take(TestKind.Mutex, shared);
        Assert.Equal((null, segment.Id, 3ul), (seen.Name, seen.Id, seen.Word(0)));
        Assert.True(Assert.Single(seen.Participants).IsAlive);
    }

    [Fact]
    public async Task While_participants_come_and_go_each_is_seen_whole()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        using CancellationTokenSource enough = new();
        Task busy = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                TestKind.Open(_directory.Root).Dispose();
            }
        });
        int others = 0;
        for (int round = 0; round < 500; round++)
        {
            foreach (ObservedParticipant each in SegmentSnapshot.Take(TestKind.Mutex, "x", Here).Participants)
            {
                others += each.Who.Slot;
                Assert.Equal(each.Who.State == RosterState.Attached ? ProcessIdentity.Current : default, each.Who.Identity);
            }
            foreach (int slot in (int[])[0, 1])
            {
                segment.Roster.TryRead(slot, out Participant who);
                Assert.Equal(who.State == RosterState.Attached ? ProcessIdentity.Current : default, who.Identity);
            }
        }
        await enough.CancelAsync();
        await busy.OrHang();
        Assert.True(others > 0, "Nobody came while it was looked at.");
    }
}
