namespace Isthmus.Tests.Signals;

public sealed class SignalSetTests
{
    [Fact]
    public void A_set_holds_what_it_is_made_of()
    {
        SignalSet set = [Signal.SIGTERM, Signal.RealTime(30), Signal.SIGHUP, Signal.SIGTERM];
        Assert.Equal(3, set.Count);
        Assert.Equal([Signal.SIGHUP, Signal.SIGTERM, Signal.RealTime(30)], set);
        Assert.True(set.Contains(Signal.RealTime(30)));
        Assert.False(set.Contains(Signal.SIGINT));
        Assert.False(set.Contains(default));
        Assert.Equal("SIGHUP SIGTERM SIGRTMIN+30", set.ToString());
        Assert.Equal(SignalSet.Empty, SignalSet.Create());
    }

    [Fact]
    public void Sets_are_joined_and_parted()
    {
        SignalSet left = [Signal.SIGUSR1, Signal.SIGUSR2], right = [Signal.SIGUSR2, Signal.SIGALRM];
        Assert.Equal([Signal.SIGUSR1, Signal.SIGUSR2, Signal.SIGALRM], left.Union(right));
        Assert.Equal([Signal.SIGUSR2], left.Intersect(right));
        Assert.Equal([Signal.SIGUSR1], left.Except(right));
    }

    [Fact]
    public void The_default_value_is_no_signal() => Assert.Throws<ArgumentException>(() => SignalSet.Create(default(Signal)));

    [Fact]
    public void All_is_what_a_program_may_block() =>
        Assert.Equal([4, 5, 6, 7, 8, 9, 11, 19, 31, 32, 33, 34, InterruptSignal.Number], Enumerable.Range(1, 64).Where(
            number => number is 32 or 33 || !SignalSet.All.Contains(new Signal(number))));
}
