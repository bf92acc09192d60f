using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedSemaphoreTests
{
    private static readonly SharedSemaphoreOptions s_tracked = new() { OwnerTracked = true };

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 536_870_911)]
    [InlineData(536_870_911, 536_870_911)]
    public void Counts_within_the_bounds_are_accepted(int initial, int maximum)
    {
        using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(initial, maximum);
        Assert.Equal((initial, maximum), (semaphore.CurrentCount, semaphore.MaximumCount));
    }

    [Theory]
    [InlineData(-1, 1, false)]
    [InlineData(0, 0, false)]
    [InlineData(2, 1, false)]
    [InlineData(0, 536_870_912, false)]
    [InlineData(1, 2, true)]
    [InlineData(1_048_576, 1_048_576, true)]
    public void Counts_out_of_bounds_are_refused(int initial, int maximum, bool ownerTracked) =>
        Assert.ThrowsAny<ArgumentException>(() => SharedSemaphore.CreateUnnamed(initial, maximum, new() { OwnerTracked = ownerTracked }));

    [Fact]
    public void Release_returns_the_count_before_and_refuses_more_than_the_maximum()
    {
        using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(0, 10);
        Assert.Equal(0, semaphore.Release(9));
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release(2));
        Assert.Equal(9, semaphore.Release());
        Assert.Throws<SemaphoreFullException>(() => semaphore.Release(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => semaphore.Release(0));
        Assert.Equal(10, semaphore.CurrentCount);
    }

    [Fact]
    public void A_scope_releases_its_permit_once()
    {
        using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(1, 1, s_tracked);
        SharedSemaphoreScope scope = semaphore.AcquireScope();
        Assert.False(semaphore.TryAcquire());
        scope.Dispose();
        scope.Dispose();
        Assert.Equal(1, semaphore.CurrentCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_release_of_many_ends_as_many_waits(bool atOnce)
    {
        using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(0, 4);
        Blocked[] waiters = [.. Enumerable.Range(0, 4).Select(_ => Blocked.In(semaphore.Acquire))];
        for (int left = 4; left > 0; left -= atOnce ? 4 : 1)
        {
            semaphore.Release(atOnce ? 4 : 1);
        }
        Array.ForEach(waiters, waiter => waiter.Join());
        Assert.Equal(0, semaphore.CurrentCount);
    }

    [Fact]
    public void OpenOrCreate_refuses_another_maximum_and_the_other_kind()
    {
        using TemporaryName name = new();
        using SharedSemaphore made = SharedSemaphore.OpenOrCreate(name, 2, 2);
        using SharedSemaphore same = SharedSemaphore.OpenOrCreate(name, 0, 2);
        Assert.Equal(2, same.CurrentCount);
        Assert.Throws<InvalidDataException>(() => SharedSemaphore.OpenOrCreate(name, 3, 3));
        Assert.Throws<InvalidDataException>(() => SharedSemaphore.OpenOrCreate(name, 2, 2, s_tracked));
    }

    [Fact]
    public void Holder_only_releases_what_it_holds()
    {
        using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(3, 3, s_tracked);
        using SharedSemaphore other = SharedSemaphore.OpenUnnamed(semaphore.Share());
        semaphore.Acquire();
        semaphore.Acquire();
        Assert.Throws<SynchronizationLockException>(() => other.Release());
        Assert.Throws<SynchronizationLockException>(() => semaphore.Release(3));
        Assert.Equal((1, 2, 0), (semaphore.CurrentCount, semaphore.HeldCount, other.HeldCount));
        Assert.Equal(1, semaphore.Release(2));
        Assert.Equal(3, other.CurrentCount);
    }

    [Fact]
    public void Status_tells_who_holds_how_many()
    {
        using TemporaryName name = new();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 3, 3, s_tracked);
        using SharedSemaphore other = SharedSemaphore.Open(name);
        semaphore.Acquire();
        other.Acquire();
        other.Acquire();
        SharedSemaphoreStatus status = SharedSemaphore.GetStatus(name);
        Assert.Equal((0, 3, true), (status.CurrentCount, status.MaximumCount, status.OwnerTracked));
        Assert.Equal([(0, 1), (1, 2)], status.Holders.Select(holder => (holder.Slot, holder.Count)));
        Assert.All(status.Holders, holder => Assert.Equal(ProcessIdentity.Current, holder.Participant!.Value.Process));
    }

    [Fact]
    public void Disposing_gives_back_what_a_tracked_one_holds_and_no_other()
    {
        foreach (bool ownerTracked in (bool[])[true, false])
        {
            using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(2, 2, new() { OwnerTracked = ownerTracked });
            SharedSemaphore other = SharedSemaphore.OpenUnnamed(semaphore.Share());
            other.Acquire();
            other.Acquire();
            other.Dispose();
            Assert.Equal(ownerTracked ? 2 : 0, semaphore.CurrentCount);
        }
    }

    [Fact]
    public async Task Killed_holder_gives_back_to_those_who_wait()
    {
        using TemporaryName name = new();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 2, 2, s_tracked);
        using Child holder = Child.Start(HoldBoth, name);
        Assert.Equal("held", holder.ReadLine());
        Blocked blocked = Blocked.In(semaphore.Acquire);
        Task awaited = semaphore.AcquireAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.Throws<SynchronizationLockException>(() => semaphore.Release());
        holder.Kill();
        blocked.Join();
        await awaited.OrHang();
        Assert.Equal((0, 2), (semaphore.CurrentCount, semaphore.HeldCount));
    }

    [Fact]
    public void Same_death_again_and_again_leaves_the_capacity_as_it_was()
    {
        using TemporaryName name = new();
        using SharedSemaphore semaphore = SharedSemaphore.Create(name, 2, 2, s_tracked);
        for (int round = 0; round < 5; round++)
        {
            using (Child holder = Child.Start(HoldBoth, name))
            {
                Assert.Equal("held", holder.ReadLine());
                Assert.Equal(0, semaphore.CurrentCount);
                holder.Kill();
            }
            semaphore.Acquire();
            semaphore.Acquire();
            Assert.Equal((0, 2), (semaphore.CurrentCount, semaphore.HeldCount));
            semaphore.Release(2);
        }
    }

    private static void HoldBoth(string[] args)
    {
        using SharedSemaphore semaphore = SharedSemaphore.Open(args[0]);
        semaphore.Acquire();
        semaphore.Acquire();
        Console.WriteLine("held");
        Console.ReadLine();
    }
}
