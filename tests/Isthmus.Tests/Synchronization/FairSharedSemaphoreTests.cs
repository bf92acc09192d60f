using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class FairSharedSemaphoreTests
{
    private static readonly SharedSemaphoreOptions s_fair = new() { Fair = true };

    [Fact]
    public void Who_releases_and_acquires_at_once_does_not_pass_one_that_waits()
    {
        using SharedSemaphore mine = SharedSemaphore.CreateUnnamed(1, 1, s_fair), other = SharedSemaphore.OpenUnnamed(mine.Share());
        for (int round = 0; round < 50; round++)
        {
            mine.Acquire();
            bool hasAcquired = false;
            Blocked waiting = Blocked.In(() =>
            {
                other.Acquire();
                hasAcquired = true;
                other.Release();
            });
            mine.Release();
            mine.Acquire();
            Assert.True(hasAcquired);
            mine.Release();
            waiting.Join();
        }
    }

    [Fact]
    public void Attachments_that_wait_acquire_in_turn()
    {
        using SharedSemaphore first = SharedSemaphore.CreateUnnamed(0, 9, s_fair), second = SharedSemaphore.OpenUnnamed(first.Share());
        List<string> order = [];
        // The first one waits for the count, the others for their turn.
        Blocked[] waiting =
        [
            .. from name in (string[])["first", "first", "second", "second"]
               select Blocked.In(() =>
               {
                   (name == "first" ? first : second).Acquire();
                   lock (order)
                   {
                       order.Add(name);
                   }
               }),
        ];
        for (int released = 1; released <= 4; released++)
        {
            first.Release();
            Assert.True(SpinWait.SpinUntil(() => Count(order) == released, Child.Limit));
        }
        Array.ForEach(waiting, each => each.Join());
        Assert.Equal(["first", "second", "first", "second"], order);
    }

    [Fact]
    public async Task All_forms_acquire_and_give_up()
    {
        using SharedSemaphore mine = SharedSemaphore.CreateUnnamed(1, 2, s_fair), other = SharedSemaphore.OpenUnnamed(mine.Share());
        Assert.True(mine.TryAcquire());
        Assert.False(other.TryAcquire());
        Assert.False(mine.TryAcquire(TimeSpan.FromMilliseconds(1)));
        Assert.False(await other.TryAcquireAsync(TimeSpan.FromMilliseconds(1)));
        using CancellationTokenSource cancellation = new();
        Task cancelled = mine.AcquireAsync(cancellation.Token).AsTask();
        Task acquired = other.AcquireAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Assert.False(acquired.IsCompleted);
        Assert.Equal(0, mine.Release());
        await acquired.OrHang();
        Assert.Equal(0, mine.Release());
        Assert.Equal(0, WaitAny.Wait(other.ToWaitSource()));
        Assert.Equal(0, mine.CurrentCount);
    }

    [Fact]
    public void Whether_it_is_fair_belongs_to_the_object_and_it_is_not_owner_tracked()
    {
        using TemporaryName name = new();
        using SharedSemaphore mine = SharedSemaphore.Create(name, 0, 1, s_fair), other = SharedSemaphore.Open(name);
        Assert.True(other.IsFair);
        Assert.True(SharedSemaphore.GetStatus(name).IsFair);
        Assert.Throws<InvalidDataException>(() => SharedSemaphore.OpenOrCreate(name, 0, 1));
        SharedSemaphoreOptions both = new() { Fair = true, OwnerTracked = true };
        Assert.Throws<ArgumentException>(() => SharedSemaphore.CreateUnnamed(1, 1, both));
    }

    [Fact]
    public void Death_of_the_one_whose_turn_it_is_passes_the_turn_on()
    {
        using TemporaryName name = new();
        using SharedSemaphore mine = SharedSemaphore.Create(name, 0, 1, s_fair);
        for (int round = 0; round < 3; round++)
        {
            using Child waiter = Child.Start(Wait, name.Value);
            Assert.Equal("waits", waiter.ReadLine());
            Blocked next = Blocked.In(mine.Acquire);
            waiter.Kill();
            mine.Release();
            next.Join();
        }
    }

    private static int Count(List<string> order)
    {
        lock (order)
        {
            return order.Count;
        }
    }

    private static void Wait(string[] args)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Open(args[0]);
        Blocked.In(semaphore.Acquire);
        Console.WriteLine("waits");
        Console.ReadLine();
    }
}
