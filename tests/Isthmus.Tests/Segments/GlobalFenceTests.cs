using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

public sealed class GlobalFenceTests
{
    [Fact]
    public void This_kernel_has_it_and_it_runs()
    {
        Assert.True(GlobalFence.IsAvailable);
        GlobalFence.Run();
    }

    [Fact]
    public void While_all_participants_have_it_nobody_who_publishes_fences()
    {
        SegmentKind kind = TestKind.Mutex with { PublishesByStores = true };
        using Segment segment = Segment.Create(kind, null, new(), [], []);
        Assert.False(segment.Roster.NeedsPublisherFences);
    }

    [Fact]
    public void Once_somebody_without_it_took_part_all_who_publish_fence()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        using SafeFileHandle shared = segment.Share();
        using Segment other = Segment.Open(TestKind.Mutex, shared);
        other.Roster.RequirePublisherFences();
        Assert.True(segment.Roster.NeedsPublisherFences);
    }
}
