using Isthmus.Native;

namespace Isthmus.Tests.Native;

public sealed class DeadlineTests
{
    [Fact]
    public void Infinite_and_all_that_the_clock_cannot_reach_is_never()
    {
        Assert.True(Deadline.After(Timeout.InfiniteTimeSpan).IsNever);
        Assert.True(Deadline.After(TimeSpan.MaxValue).IsNever);
        Assert.False(Deadline.Never.HasPassed);
    }

    [Fact]
    public void Zero_has_passed_at_once() => Assert.True(Deadline.After(TimeSpan.Zero).HasPassed);

    [Fact]
    public void An_hour_has_not_passed_and_less_than_it_is_left()
    {
        Deadline deadline = Deadline.After(TimeSpan.FromHours(1));
        Assert.False(deadline.HasPassed);
        Assert.InRange(deadline.Remaining, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
    }

    [Fact]
    public void Other_negative_timeouts_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.After(TimeSpan.FromMilliseconds(-2)));
}
