using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>One process: making, opening, leaving.</summary>
public sealed unsafe class SegmentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_one_attachment_writes_the_other_reads()
    {
        using Segment one = TestKind.Create(_directory.Root);
        using Segment other = TestKind.Open(_directory.Root);
        Assert.Equal((0, 1, 64, 64, 2, 2), (one.Slot, other.Slot, one.Capacity, other.Capacity, one.SlotsInUse, other.SlotsInUse));
        Assert.Equal(one.Id, other.Id);
        Assert.Equal("x", other.Name);
        Assert.True(one.IsCreator);
        Assert.False(other.IsCreator);
        ulong* last = Word(one, StateLayout.Slot(63) + 15);
        *last = 42;
        Assert.Equal(42ul, *Word(other, StateLayout.Slot(63) + 15));
        Assert.Equal(64 * 1024, new FileInfo(_directory["x"]).Length);
    }

    [Fact]
    public void State_and_configuration_are_there_when_the_name_is()
    {
        Segment.Create(TestKind.Mutex, "x", TestKind.In(_directory.Root), [7, 8], [1, ulong.MaxValue]).Dispose();
        using Segment segment = TestKind.Open(_directory.Root);
        Assert.Equal((7ul, 8ul, 0ul), (*Word(segment, 0), *Word(segment, 1), *Word(segment, 2)));
        Assert.Equal((1ul, ulong.MaxValue, 0ul), (segment.Config(0), segment.Config(1), segment.Config(15)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 65_536)]
    [InlineData(65_537, 131_072)]
    public void Data_begins_at_its_own_64_KiB_and_is_all_there(long wanted, long expected)
    {
        using Segment one = Segment.Create(TestKind.Mutex, "x", TestKind.In(_directory.Root), [], [], wanted);
        using Segment other = TestKind.Open(_directory.Root);
        Assert.Equal(expected, other.DataSize);
        if (expected > 0)
        {
            one.Data[expected - 1] = 9;
            Assert.Equal(9, other.Data[expected - 1]);
            Assert.Equal(0, (other.Data - other.State + SegmentLayout.State(64)) % SegmentLayout.Granule);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    public void Every_slot_of_the_roster_can_be_taken_and_one_more_is_refused_with_the_number(int slots)
    {
        List<Segment> segments = [Segment.Create(TestKind.Mutex, "x", TestKind.In(_directory.Root) with { MaxParticipants = slots }, [], [])];
        while (segments.Count < slots)
        {
            segments.Add(TestKind.Open(_directory.Root));
        }
        Assert.Equal(Enumerable.Range(0, slots), segments.Select(segment => segment.Slot));
        PosixException error = Assert.Throws<PosixException>(() => TestKind.Open(_directory.Root));
        Assert.Equal(Errno.EUSERS, error.Errno);
        Assert.Contains($" {slots} slots ", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxParticipants", error.Message, StringComparison.Ordinal);
        segments[slots / 2].Dispose();
        segments.Add(TestKind.Open(_directory.Root));
        Assert.Equal(slots / 2, segments[^1].Slot);
        segments.ForEach(segment => segment.Dispose());
    }

    [Fact]
    public void The_last_of_a_thousand_slots_is_as_good_as_the_first()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, "x", TestKind.In(_directory.Root) with { MaxParticipants = 1000 }, [], []);
        using SafeFileHandle all = File.OpenHandle(_directory["x"], FileMode.Open, FileAccess.ReadWrite);
        FileLockRange others = new(SegmentLayout.Record(1), 998 * SegmentLayout.RecordSize);
        using FileLock taken = FileLock.On(all, new FileLockOptions { Range = others });
        taken.Acquire();
        using Segment last = TestKind.Open(_directory.Root);
        Assert.Equal((999, 1000), (last.Slot, segment.SlotsInUse));
        *Word(last, StateLayout.Slot(999) + 15) = 42;
        Assert.Equal(42ul, *Word(segment, StateLayout.Slot(999) + 15));
        Assert.Equal((false, false), (segment.IsDead(999), segment.IsDead(500)));
        Assert.True(segment.Roster.TryRead(999, out _));
    }

    [Fact]
    public void Create_when_the_name_exists_throws_EEXIST_and_changes_nothing()
    {
        using Segment first = TestKind.Create(_directory.Root);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => TestKind.Create(_directory.Root)).Errno);
        using Segment second = TestKind.Open(_directory.Root);
        Assert.Equal((first.Id, 1), (second.Id, second.Slot));
        Assert.Single(Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void Open_when_there_is_none_throws_ENOENT()
    {
        Assert.Throws<FileNotFoundException>(() => TestKind.Open(_directory.Root));
        Assert.Throws<FileNotFoundException>(() => TestKind.Open(_directory["nowhere"]));
        Assert.Throws<FileNotFoundException>(() => TestKind.Create(_directory["nowhere"]));
    }

    [Fact]
    public void OpenOrCreate_makes_it_once()
    {
        using Segment first = Segment.OpenOrCreate(TestKind.Mutex, "x", TestKind.In(_directory.Root), [5], []);
        using Segment second = Segment.OpenOrCreate(TestKind.Mutex, "x", TestKind.In(_directory.Root), [6], []);
        Assert.Equal((true, false, first.Id, 5ul), (first.IsCreator, second.IsCreator, second.Id, *Word(second, 0)));
    }

    [Fact]
    public void Unlink_removes_the_name_and_the_holders_are_told()
    {
        using Segment old = TestKind.Create(_directory.Root);
        Assert.False(old.HasLostName);
        Segment.Unlink("x", _directory.Root);
        Assert.True(old.HasLostName);
        Assert.Throws<FileNotFoundException>(() => Segment.Unlink("x", _directory.Root));
        using Segment next = TestKind.Create(_directory.Root);
        Assert.True(old.HasLostName);
        Assert.False(next.HasLostName);
        Assert.NotEqual(old.Id, next.Id);
        Assert.Equal(MutexEntry.Entered, TestKind.TryEnter(old));
        Assert.Equal(MutexEntry.Entered, TestKind.TryEnter(next));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".x")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("/x")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a\0")]
    public void What_is_no_name_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => TestKind.Create(_directory.Root, name));
        Assert.Throws<ArgumentException>(() => TestKind.Open(_directory.Root, name));
        Assert.Throws<ArgumentException>(() => Segment.Unlink(name, _directory.Root));
    }

    [Fact]
    public void A_name_has_at_most_200_characters()
    {
        TestKind.Create(_directory.Root, new string('x', 200)).Dispose();
        Assert.Throws<ArgumentException>(() => TestKind.Create(_directory.Root, new string('x', 201)));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedObjectOptions { MaxParticipants = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedObjectOptions { MaxParticipants = 1001 });
        Assert.Throws<ArgumentException>(() => new SharedObjectOptions { Mode = UnixFileMode.UserRead });
    }

    [Fact]
    public void Who_is_alive_is_told_by_the_life_lock()
    {
        using Segment one = TestKind.Create(_directory.Root);
        Segment other = TestKind.Open(_directory.Root);
        Assert.Equal((false, false, true), (one.IsDead(0), one.IsDead(1), one.IsDead(2)));
        Assert.False(one.Recover(1));
        other.Dispose();
        Assert.Equal((false, true), (one.IsDead(0), one.IsDead(1)));
        Assert.True(one.Recover(1));
        Assert.False(one.Roster.TryRead(1, out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    [InlineData(65_535)]
    [InlineData(int.MinValue)]
    public void In_a_slot_that_does_not_exist_nobody_lives(int slot)
    {
        using Segment segment = TestKind.Create(_directory.Root);
        Assert.True(segment.IsDead(slot));
        Assert.False(segment.Roster.TryRead(slot, out _));
        Assert.Equal((0ul, 0u), (segment.Roster.StateWord(slot), segment.Roster.Generation(slot)));
        Assert.True(segment.Recover(slot));
        Assert.Throws<ArgumentOutOfRangeException>(() => (nint)segment.Roster.Waits(slot));
    }

    [Fact]
    public void The_roster_names_the_participants()
    {
        using Segment one = TestKind.Create(_directory.Root);
        ulong before = one.Roster.Version;
        Segment other = TestKind.Open(_directory.Root);
        Assert.NotEqual(before, one.Roster.Version);
        Assert.True(one.Roster.TryRead(1, out Participant who));
        Assert.Equal((1, 1u, RosterState.Attached, ProcessIdentity.Current), (who.Slot, who.Generation, who.State, who.Identity));
        Assert.False(one.Roster.TryRead(2, out _));
        other.Dispose();
        Assert.False(one.Roster.TryRead(1, out _));
        Assert.Equal(1u, one.Roster.Generation(1));
    }

    [Fact]
    public void A_slot_reused_at_once_is_recovered_first_and_then_has_the_next_generation()
    {
        using Segment one = TestKind.CreateFor(2, _directory.Root);
        List<(int, bool, RosterState, uint)> recoveries = [];
        SegmentKind kind = TestKind.Mutex with
        {
            Recover = (memory, slot, proven) =>
            {
                one.Roster.TryRead(slot, out Participant former);
                recoveries.Add((slot, proven, former.State, former.Generation));
                TestKind.Mutex.Recover(memory, slot, proven);
            },
        };
        TestKind.EnterAndDie(one, _directory.Root);
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(one));

        using Segment next = Segment.Open(kind, "x", TestKind.In(_directory.Root));

        Assert.Equal([(1, true, RosterState.Attached, 1u)], recoveries);
        Assert.Equal((1, 2u), (next.Slot, one.Roster.Generation(1)));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(one));
    }

    [Fact]
    public void Disposing_while_holding_equals_death()
    {
        using Segment one = TestKind.Create(_directory.Root);
        Segment other = TestKind.Open(_directory.Root);
        Assert.Equal(MutexEntry.Entered, TestKind.TryEnter(other));
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(one));
        other.Dispose();
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(one));
    }

    [Fact]
    public void After_Dispose_everything_is_private_and_harmless()
    {
        using Segment one = TestKind.Create(_directory.Root);
        Segment other = TestKind.Open(_directory.Root);
        other.Dispose();
        other.Dispose();
        *Word(other, 0) = 5;
        Assert.Equal(0ul, *Word(one, 0));
        Assert.True(other.IsDisposed);
        Assert.False(other.IsDead(0));
        Assert.False(other.IsDead(1));
        Assert.Equal(0, other.SlotsInUse);
        Assert.Throws<ObjectDisposedException>(() => other.Share());
    }

    [Fact]
    public void Recovery_that_fails_lets_nobody_in_and_gives_the_slot_back()
    {
        using Segment one = TestKind.CreateFor(2, _directory.Root);
        TestKind.EnterAndDie(one, _directory.Root);
        SegmentKind failing = TestKind.Mutex with { Recover = static (_, _, _) => throw new InvalidOperationException() };
        Assert.Throws<InvalidOperationException>(() => Segment.Open(failing, "x", TestKind.In(_directory.Root)));
        one.AwaitDeath(1);
        using Segment next = TestKind.Open(_directory.Root);
        Assert.Equal((1, 2u), (next.Slot, one.Roster.Generation(1)));
    }

    private static ulong* Word(Segment segment, int word) => (ulong*)segment.State + word;
}
