using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedCounterTests
{
    [Fact]
    public void Operations_return_what_those_of_Interlocked_do()
    {
        using SharedCounter counter = SharedCounter.CreateUnnamed(5);
        Assert.Equal(6, counter.Increment());
        Assert.Equal(5, counter.Decrement());
        Assert.Equal(-5, counter.Add(-10));
        Assert.Equal(-5, counter.Exchange(7));
        Assert.Equal(7, counter.CompareExchange(1, comparand: 8));
        Assert.Equal(7, counter.Value);
        Assert.Equal(7, counter.CompareExchange(1, comparand: 7));
        Assert.Equal(1, counter.Value);
    }

    [Fact]
    public void It_wraps_around()
    {
        using SharedCounter counter = SharedCounter.CreateUnnamed(long.MaxValue);
        Assert.Equal(long.MinValue, counter.Increment());
        Assert.Equal(long.MaxValue, counter.Decrement());
    }

    [Fact]
    public void Nothing_that_several_processes_add_is_lost()
    {
        using TemporaryName name = new();
        using SharedCounter counter = SharedCounter.Create(name);
        using (Child one = Child.Start(Count, name), two = Child.Start(Count, name))
        {
            Assert.Equal(0, one.WaitForExit());
            Assert.Equal(0, two.WaitForExit());
        }
        Assert.Equal(20_000, SharedCounter.GetStatus(name).Value);
    }

    [Fact]
    public void Disposed_it_refuses()
    {
        SharedCounter counter = SharedCounter.CreateUnnamed();
        counter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => counter.Increment());
        Assert.Throws<ObjectDisposedException>(() => counter.Value);
    }

    private static void Count(string[] args)
    {
        using SharedCounter counter = SharedCounter.Open(args[0]);
        for (int index = 0; index < 10_000; index++)
        {
            counter.Increment();
        }
    }
}
