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
        TestKind.EnterAndDie(segment, _directory.Root);
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
    public Task While_occupants_of_a_slot_change_an_observer_sees_each_whole() => SeeEachWhole(
        looks: 1000, _ => [.. SegmentSnapshot.Take(TestKind.Mutex, "x", Here).Participants.Select(each => each.Who)]);

    [Fact]
    public Task While_occupants_of_a_slot_change_a_participant_sees_each_whole() => SeeEachWhole(
        looks: 200_000, segment => segment.Roster.TryRead(1, out Participant who) ? [who] : []);

    private async Task SeeEachWhole(int looks, Func<Segment, Participant[]> look)
    {
        using Segment segment = TestKind.Create(_directory.Root);
        using CancellationTokenSource enough = new();
        Task changing = Task.Run(() => ChangeOccupants(segment, enough.Token));
        for (int round = 0; round < looks; round++)
        {
            foreach (Participant who in look(segment).Where(each => each.Slot == 1 && each.State == RosterState.Attached))
            {
                Assert.Equal(Occupant(who.Identity.Id), (who.Identity, who.Bell));
            }
        }
        await enough.CancelAsync();
        await changing.OrHang();
    }

    private static unsafe void ChangeOccupants(Segment segment, CancellationToken enough)
    {
        Roster roster = new(segment.State - SegmentLayout.State(segment.Capacity), segment.Capacity);
        for (int number = 1; !enough.IsCancellationRequested; number++)
        {
            (ProcessIdentity identity, Guid bell) = Occupant(number);
            roster.Join(1, identity, bell);
        }
    }

    // All of it says the same number.
    private static (ProcessIdentity Identity, Guid Bell) Occupant(int number)
    {
        Guid everywhere = new(number, 0, 0, 0, 0, 0, 0, (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number);
        return (new ProcessIdentity(number, number, (ulong)number, everywhere), everywhere);
    }
}
