using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class FairSharedMutexTests
{
    private static readonly SharedMutexOptions s_fair = new() { Fair = true };

    [Fact]
    public void Who_leaves_and_comes_back_at_once_does_not_pass_one_that_waits()
    {
        using SharedMutex mine = SharedMutex.CreateUnnamed(s_fair), other = SharedMutex.OpenUnnamed(mine.Share());
        for (int round = 0; round < 50; round++)
        {
            SharedMutexScope scope = mine.Enter();
            bool hasEntered = false;
            Blocked waiting = Blocked.In(() =>
            {
                using SharedMutexScope its = other.Enter();
                hasEntered = true;
            });
            scope.Dispose();
            Assert.False(mine.TryEnter(out SharedMutexScope passed) && !hasEntered);
            passed.Dispose();
            using (mine.Enter())
            {
                Assert.True(hasEntered);
            }
            waiting.Join();
        }
    }

    [Fact]
    public void Attachments_that_wait_enter_in_turn_and_threads_of_one_too()
    {
        using SharedMutex first = SharedMutex.CreateUnnamed(s_fair), second = SharedMutex.OpenUnnamed(first.Share());
        SharedMutexScope scope = first.Enter();
        List<string> order = [];
        // By slot; of the threads of a slot one, then one of the next slot.
        Blocked[] waiting =
        [
            .. from name in (string[])["first", "first", "second", "second"]
               select Blocked.In(() =>
               {
                   using SharedMutexScope its = (name == "first" ? first : second).Enter();
                   order.Add(name);
               }),
        ];
        scope.Dispose();
        Array.ForEach(waiting, each => each.Join());
        Assert.Equal(["second", "first", "second", "first"], order);
    }

    [Fact]
    public async Task Awaited_entries_take_their_turn_and_cancelled_ones_pass_it_on()
    {
        using SharedMutex mine = SharedMutex.CreateUnnamed(s_fair), other = SharedMutex.OpenUnnamed(mine.Share());
        SharedMutexScope scope = mine.Enter();
        using CancellationTokenSource cancellation = new();
        Task<SharedMutexScope> cancelled = other.EnterAsync(cancellation.Token).AsTask();
        Task<SharedMutexScope> waiting = mine.EnterAsync().AsTask();
        Assert.Null(await other.TryEnterAsync(TimeSpan.FromMilliseconds(1)));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        scope.Dispose();
        (await waiting.OrHang()).Dispose();
        Assert.True(other.TryEnter(out scope));
        scope.Dispose();
    }

    [Fact]
    public async Task Hundred_awaited_entries_of_two_attachments_each_get_their_turn()
    {
        using SharedMutex mine = SharedMutex.CreateUnnamed(s_fair), other = SharedMutex.OpenUnnamed(mine.Share());
        int inside = 0, entries = 0;
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async index =>
        {
            using SharedMutexScope scope = await (index % 2 == 0 ? mine : other).EnterAsync();
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            entries++;
            Interlocked.Decrement(ref inside);
        })).OrHang();
        Assert.Equal(100, entries);
    }

    [Fact]
    public void Threads_with_timeouts_of_two_attachments_exclude_each_other()
    {
        using SharedMutex mine = SharedMutex.CreateUnnamed(s_fair), other = SharedMutex.OpenUnnamed(mine.Share());
        long entered = 0, data = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(index => new Thread(() =>
        {
            for (int round = 0; round < 200; round++)
            {
                if ((index % 2 == 0 ? mine : other).TryEnter(TimeSpan.FromMicroseconds(round), out SharedMutexScope scope))
                {
                    data++;
                    Interlocked.Increment(ref entered);
                    scope.Dispose();
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Assert.All(threads, thread => Assert.True(thread.Join(Child.Limit)));
        Assert.Equal(entered, data);
        Assert.True(mine.TryEnter(out SharedMutexScope free));
        free.Dispose();
    }

    [Fact]
    public void Leaving_without_declaring_makes_it_unusable_for_all_those_who_wait_included()
    {
        using SharedMutex mine = SharedMutex.CreateUnnamed(s_fair), other = SharedMutex.OpenUnnamed(mine.Share());
        SharedMutex owner = SharedMutex.OpenUnnamed(mine.Share());
        _ = owner.Enter();
        owner.Dispose();
        SharedMutexScope told = mine.Enter();
        Assert.True(told.IsAbandoned);
        Blocked one = Blocked.In(() => mine.Enter());
        Blocked two = Blocked.In(() => other.Enter());
        told.Dispose();
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(one.Join).Errno);
        Assert.Equal(Errno.ENOTRECOVERABLE, Assert.Throws<PosixException>(two.Join).Errno);
    }

    [Fact]
    public void Condition_gives_a_fair_mutex_back_and_takes_its_turn_again()
    {
        using SharedMutex mine = SharedMutex.CreateUnnamed(s_fair);
        using SharedCondition condition = SharedCondition.CreateUnnamed();
        bool isSet = false;
        Blocked waiting = Blocked.In(() =>
        {
            SharedMutexScope scope = mine.Enter();
            while (!isSet)
            {
                condition.Wait(ref scope);
            }
            scope.Dispose();
        });
        using (mine.Enter())
        {
            isSet = true;
            condition.Signal();
        }
        waiting.Join();
    }

    [Fact]
    public void Whether_it_is_fair_belongs_to_the_object()
    {
        using TemporaryName name = new();
        using SharedMutex mine = SharedMutex.Create(name, s_fair), other = SharedMutex.Open(name);
        Assert.True(other.IsFair);
        Assert.True(SharedMutex.GetStatus(name).IsFair);
        Assert.Throws<InvalidDataException>(() => SharedMutex.OpenOrCreate(name));
        SharedMutex.OpenOrCreate(name, s_fair).Dispose();
    }

    [Fact]
    public void Death_of_the_one_whose_turn_it_is_is_told_to_nobody_and_the_next_enters()
    {
        using TemporaryName name = new();
        using SharedMutex mine = SharedMutex.Create(name, s_fair);
        SharedMutexScope scope = mine.Enter();
        using Child waiter = Child.Start(Wait, name.Value);
        Assert.Equal("waits", waiter.ReadLine());
        waiter.Pause();
        scope.Dispose();
        // It was chosen, and cannot come in.
        Blocked next = Blocked.In(() =>
        {
            using SharedMutexScope its = mine.Enter();
            Assert.False(its.IsAbandoned);
        });
        waiter.Kill();
        next.Join();
    }

    [Fact]
    public void Death_of_the_owner_is_told_to_the_one_that_waits()
    {
        using TemporaryName name = new();
        using SharedMutex mine = SharedMutex.Create(name, s_fair);
        using Child owner = Child.Start(Own, name.Value);
        Assert.Equal("entered", owner.ReadLine());
        bool isTold = false;
        Blocked waiting = Blocked.In(() =>
        {
            using SharedMutexScope scope = mine.Enter();
            isTold = scope.IsAbandoned;
            scope.DeclareConsistent();
        });
        owner.Kill();
        waiting.Join();
        Assert.True(isTold);
    }

    private static void Wait(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        Blocked.In(() => mutex.Enter());
        Console.WriteLine("waits");
        Console.ReadLine();
    }

    private static void Own(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        using SharedMutexScope scope = mutex.Enter();
        Console.WriteLine("entered");
        Console.ReadLine();
    }
}
