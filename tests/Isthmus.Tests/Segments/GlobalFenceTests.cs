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

    [Fact]
    public void Who_sleeps_often_asks_for_fences_and_need_not_fence_for_all_then()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        Assert.True(SleepUntil(segment, FenceWord.IsAsked) > 1, "It was asked for at once.");
        Assert.True(segment.Roster.NeedsPublisherFences);
        Assert.Equal(1, SleepUntil(segment, FenceWord.IsInForce));
        ulong inForce = segment.Roster.PublisherFences;
        segment.FenceAsSleeper();
        Assert.Equal(inForce, segment.Roster.PublisherFences);
    }

    [Fact]
    public void What_was_asked_for_by_one_that_died_is_confirmed_by_another()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        segment.Roster.TryChangePublisherFences(0, FenceWord.Ask(0));
        Assert.Equal(1, SleepUntil(segment, FenceWord.IsInForce));
    }

    [Fact]
    public void Fences_that_serve_nobody_are_given_up_and_never_come_back_as_they_were()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        SleepUntil(segment, FenceWord.IsInForce);
        ulong inForce = segment.Roster.PublisherFences;
        PublishUntilNobodyFences(segment);
        SleepUntil(segment, FenceWord.IsInForce);
        Assert.NotEqual(inForce, segment.Roster.PublisherFences);
    }

    [Fact]
    public void Fences_stay_as_long_as_somebody_is_woken()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        SleepUntil(segment, FenceWord.IsInForce);
        for (int message = 0; message < 10_000; message++)
        {
            segment.FenceAsPublisher();
            segment.Memory.Wake(0, Waiters.Sleepers, 1);
        }
        Assert.True(FenceWord.IsInForce(segment.Roster.PublisherFences));
    }

    [Fact]
    public void Where_somebody_cannot_fence_for_all_it_stays_so()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        segment.Roster.RequirePublisherFences();
        for (int round = 0; round < 1000; round++)
        {
            segment.FenceAsPublisher();
            segment.FenceAsSleeper();
        }
        for (int round = 0; round < 1000; round++)
        {
            segment.FenceAsPublisher();
        }
        Assert.Equal(FenceWord.ForEver, segment.Roster.PublisherFences);
    }

    private static int SleepUntil(Segment segment, Func<ulong, bool> isSo)
    {
        int sleeps = 0;
        for (; !isSo(segment.Roster.PublisherFences); sleeps++)
        {
            Assert.InRange(sleeps, 0, 1000);
            segment.FenceAsSleeper();
        }
        return sleeps;
    }

    private static void PublishUntilNobodyFences(Segment segment)
    {
        for (int round = 0; segment.Roster.NeedsPublisherFences; round++)
        {
            Assert.InRange(round, 0, 10_000);
            segment.FenceAsPublisher();
        }
    }
}
