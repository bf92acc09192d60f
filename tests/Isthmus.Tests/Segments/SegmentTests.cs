using Isthmus.Tests.Harness;

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
        Assert.True(one.IsCreator);
        Assert.False(other.IsCreator);
        ((ulong*)one.State)[StateLayout.Slot(63) + 15] = 42;
        Assert.Equal(42ul, ((ulong*)other.State)[StateLayout.Slot(63) + 15]);
        Assert.False(one.IsDead(0));
        Assert.False(one.IsDead(1));
        Assert.True(one.IsDead(2));
        other.Dispose();
        Assert.True(one.IsDead(1));
    }

    [Fact]
    public void Disposing_while_holding_equals_death()
    {
        using Segment one = TestKind.Create(_directory.Root);
        using Segment other = TestKind.Open(_directory.Root);
        Assert.Equal(MutexEntry.Entered, TestKind.TryEnter(other));
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(one));
        other.Dispose();
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(one));
    }
}
