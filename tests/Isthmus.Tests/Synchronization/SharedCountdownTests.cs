using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedCountdownTests
{
    [Fact]
    public void A_damaged_initial_count_is_no_negative_one()
    {
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(2);
        countdown.Segment.Memory.Store(CountdownWord.InitialWord, ulong.MaxValue);
        Assert.Equal(int.MaxValue, countdown.InitialCount);
        countdown.Reset();
        Assert.Equal(int.MaxValue, countdown.CurrentCount);
    }

    [Fact]
    public void Last_signal_says_so_and_more_are_refused()
    {
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(3);
        Assert.False(countdown.Signal());
        Assert.Throws<InvalidOperationException>(() => countdown.Signal(3));
        Assert.Equal((2, 3, false), (countdown.CurrentCount, countdown.InitialCount, countdown.IsSet));
        Assert.True(countdown.Signal(2));
        Assert.True(countdown.IsSet);
        Assert.Throws<InvalidOperationException>(() => countdown.Signal());
        Assert.Throws<ArgumentOutOfRangeException>(() => countdown.Signal(0));
    }

    [Fact]
    public void Adding_is_refused_when_nothing_is_left_and_beyond_the_greatest()
    {
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(1);
        countdown.AddCount(2);
        Assert.Throws<InvalidOperationException>(() => countdown.AddCount(int.MaxValue - 2));
        Assert.Throws<InvalidOperationException>(() => countdown.TryAddCount(int.MaxValue));
        Assert.Equal(3, countdown.CurrentCount);
        countdown.Signal(3);
        Assert.False(countdown.TryAddCount());
        Assert.Throws<InvalidOperationException>(() => countdown.AddCount());
        Assert.Equal(0, countdown.CurrentCount);
    }

    [Fact]
    public void Reset_begins_with_the_initial_count_or_another()
    {
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(0);
        Assert.True(countdown.TryWait(TimeSpan.Zero));
        countdown.Reset(2);
        Assert.False(countdown.TryWait(TimeSpan.Zero));
        countdown.Signal(2);
        countdown.Reset();
        Assert.Equal((2, 2), (countdown.CurrentCount, countdown.InitialCount));
        Assert.Throws<ArgumentOutOfRangeException>(() => countdown.Reset(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedCountdown.CreateUnnamed(-1));
    }

    [Fact]
    public void Reset_at_once_does_not_hold_those_back_who_waited()
    {
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(1);
        Blocked one = Blocked.In(countdown.Wait), two = Blocked.In(countdown.Wait);
        countdown.Signal();
        countdown.Reset();
        one.Join();
        two.Join();
        Assert.False(countdown.TryWait(TimeSpan.Zero));
    }

    [Fact]
    public void Reset_to_nothing_lets_all_go_on()
    {
        using SharedCountdown countdown = SharedCountdown.CreateUnnamed(5);
        Blocked waiter = Blocked.In(countdown.Wait);
        countdown.Reset(0);
        waiter.Join();
    }

    [Fact]
    public void Waits_for_the_signals_of_several_processes()
    {
        using TemporaryName name = new();
        using SharedCountdown countdown = SharedCountdown.Create(name, 20);
        using Child one = Child.Start(SignalTen, name), two = Child.Start(SignalTen, name);
        countdown.Wait();
        Assert.Equal((0, 20, 1u), (countdown.CurrentCount, countdown.InitialCount, SharedCountdown.GetStatus(name).Rounds));
    }

    private static void SignalTen(string[] args)
    {
        using SharedCountdown countdown = SharedCountdown.Open(args[0]);
        for (int index = 0; index < 10; index++)
        {
            countdown.Signal();
        }
    }
}
