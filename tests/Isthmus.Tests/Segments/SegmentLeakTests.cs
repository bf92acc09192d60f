using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>What a thousand segments leave behind: nothing.</summary>
[Collection(Alone.Name)]
public sealed class SegmentLeakTests : IDisposable
{
    private const int Rounds = 1000;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Segments_that_are_made_opened_and_disposed_leave_no_descriptor_mapping_or_file()
    {
        Round(0);
        (int Descriptors, int Mappings) held = Held();
        for (int round = 1; round <= Rounds; round++)
        {
            Round(round);
        }
        AssertAreNoMoreThan(held);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void The_addresses_of_segments_that_were_disposed_are_given_back()
    {
        const long Data = 8L << 20;
        long before = AddressSpace();
        for (int round = 0; round < 100; round++)
        {
            Segment.Create(TestKind.Mutex, null, new(), [], [], Data).Dispose();
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(AddressSpace() - before, long.MinValue, 50 * Data);
    }

    [Fact]
    public void A_segment_that_is_forgotten_leaves_its_slot()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        segment.AwaitDeath(1);
    }

    [Fact]
    public void What_could_not_be_opened_leaves_nothing()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, "x", TestKind.In(_directory.Root) with { MaxParticipants = 1 }, [], []);
        File.WriteAllBytes(_directory["y"], new byte[65_536]);
        (int Descriptors, int Mappings) held = Held();
        Assert.InRange(held.Descriptors, 1, int.MaxValue);
        Assert.InRange(held.Mappings, 1, int.MaxValue);
        for (int round = 0; round < 100; round++)
        {
            Assert.Throws<PosixException>(() => TestKind.Open(_directory.Root));
            Assert.Throws<InvalidDataException>(() => TestKind.Open(_directory.Root, "y"));
            Assert.Throws<PosixException>(() => TestKind.Create(_directory.Root, "y"));
        }
        AssertAreNoMoreThan(held);
    }

    private void Round(int round)
    {
        using (Segment one = TestKind.Create(_directory.Root))
        using (Segment other = TestKind.Open(_directory.Root))
        {
            Assert.Equal((0, 1), (one.Slot, other.Slot));
        }
        Segment.Unlink("x", _directory.Root);
        if (round % 10 == 0)
        {
            using Segment unnamed = Segment.Create(TestKind.Mutex, null, new(), [], []);
            using SafeFileHandle shared = unnamed.Share();
            using Segment again = Segment.Open(TestKind.Mutex, shared);
        }
    }

    private void Forget() => TestKind.Open(_directory.Root);

    private bool IsSegment(string text) =>
        text.Contains(_directory.Root, StringComparison.Ordinal) || text.Contains("memfd:isthmus", StringComparison.Ordinal);

    // What other tests have forgotten may be collected meanwhile.
    private void AssertAreNoMoreThan((int Descriptors, int Mappings) before)
    {
        (int Descriptors, int Mappings) now = Held();
        Assert.InRange(now.Descriptors, 0, before.Descriptors);
        Assert.InRange(now.Mappings, 0, before.Mappings);
    }

    private (int Descriptors, int Mappings) Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (Descriptors(), Mappings());
    }

    private int Mappings() => File.ReadLines("/proc/self/maps").Count(IsSegment);

    // The runtime and other tests open and close what is theirs.
    private int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(link => IsSegment(new FileInfo(link).LinkTarget ?? ""));

    private static long AddressSpace() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
