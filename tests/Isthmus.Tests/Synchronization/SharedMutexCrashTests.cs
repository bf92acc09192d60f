using Isthmus.Tests.Harness;
using Isthmus.Tests.Segments;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedMutexCrashTests
{
    [Fact]
    public void Killed_owner_is_told_to_a_blocked_waiter()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Child owner = StartOwner(name);
        bool abandoned = false;
        Blocked waiter = Blocked.In(() =>
        {
            using SharedMutexScope scope = mutex.Enter();
            abandoned = scope.IsAbandoned;
            scope.DeclareConsistent();
        });
        owner.Kill();
        waiter.Join();
        Assert.True(abandoned);
    }

    [Fact]
    public async Task Killed_owner_is_told_to_an_awaiting_waiter()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Child owner = StartOwner(name);
        Task<SharedMutexScope> entering = mutex.EnterAsync().AsTask();
        Assert.False(entering.IsCompleted);
        owner.Kill();
        using SharedMutexScope scope = await entering.OrHang();
        Assert.True(scope.IsAbandoned);
        scope.DeclareConsistent();
    }

    [Fact]
    public async Task Awaited_Enter_completes_when_the_owner_in_another_process_leaves()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        using Child owner = StartOwner(name);
        Task<SharedMutexScope> entering = mutex.EnterAsync().AsTask();
        Assert.False(entering.IsCompleted);
        owner.WriteLine("leave");
        (await entering.OrHang()).Dispose();
    }

    [Fact]
    public void Owner_that_died_while_nobody_looked_is_told_to_the_next()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        using (Child owner = StartOwner(name))
        {
            owner.Kill();
        }
        using SharedMutexScope scope = mutex.Enter();
        Assert.True(scope.IsAbandoned);
        scope.DeclareConsistent();
    }

    [Fact]
    public void One_who_only_tries_finds_the_dead_owner_of_a_slot_that_is_not_his()
    {
        using TemporaryName name = new();
        SharedMutex first = SharedMutex.Create(name);
        using (Child owner = StartOwner(name))
        {
            owner.Kill();
            first.Segment.AwaitDeath(1);
            first.Dispose();
        }
        // Slot 0 is free, and the dead owner's is 1.
        using SharedMutex mutex = SharedMutex.Open(name);
        Assert.Equal(0, mutex.Segment.Slot);
        Assert.True(mutex.TryEnter(out SharedMutexScope scope));
        Assert.True(scope.IsAbandoned);
        scope.DeclareConsistent();
        scope.Dispose();
    }

    [Fact]
    public async Task One_who_awaits_is_woken_by_another_user_that_came_later()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Needs a second user.");
        using TemporaryDirectory directory = new();
        File.SetUnixFileMode(directory.Root, (UnixFileMode)0x1FF);
        using SharedEvent ready = SharedEvent.Create(
            "ready", EventResetMode.AutoReset, new() { Directory = directory.Root, Mode = (UnixFileMode)0x1B6, AnyOwner = true });
        Task waiting = ready.WaitAsync().AsTask();
        string output = Elsewhere.AsNobody(SetReady, directory.Root);
        Assert.Equal("set", output.Trim());
        await waiting.OrHang();
    }

    private static void SetReady(string[] args)
    {
        using SharedEvent ready = SharedEvent.Open("ready", new() { Directory = args[0], AnyOwner = true, Mode = (UnixFileMode)0x1B6 });
        ready.Set();
        Console.WriteLine("set");
    }

    [Fact]
    public void Waiter_that_comes_after_the_sleepers_and_dies_with_the_lock_is_noticed_by_them()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        SharedMutexScope scope = mutex.Enter();
        bool abandoned = false;
        Blocked waiter = Blocked.In(() =>
        {
            using SharedMutexScope mine = EnterAbandoned(mutex);
            abandoned = mine.IsAbandoned;
            mine.DeclareConsistent();
        });
        // It comes last, and takes the mutex in the moment that it is free, or is killed while it waits for it.
        using Child late = Child.Start(OwnForever, name);
        Assert.Equal("open", late.ReadLine());
        scope.Dispose();
        Assert.Equal("entered", late.ReadLine());
        late.Kill();
        waiter.Join();
        Assert.True(abandoned);
    }

    [Fact]
    public void Same_death_again_and_again_leaves_the_mutex_as_good_as_new()
    {
        using TemporaryName name = new();
        using SharedMutex mutex = SharedMutex.Create(name);
        for (int round = 0; round < 10; round++)
        {
            using (Child owner = StartOwner(name))
            {
                owner.Kill();
            }
            using SharedMutexScope scope = mutex.Enter();
            Assert.True(scope.IsAbandoned);
            scope.DeclareConsistent();
            mutex.Segment.AwaitVacant(1);
        }
        Assert.True(mutex.Segment.SlotsInUse <= 2, "A dead participant's slot is taken again.");
    }

    // Waits until the other has had it: it was entered by nobody dead before.
    private static SharedMutexScope EnterAbandoned(SharedMutex mutex)
    {
        while (true)
        {
            SharedMutexScope scope = mutex.Enter();
            if (scope.IsAbandoned)
            {
                return scope;
            }
            scope.Dispose();
        }
    }

    private static Child StartOwner(string name)
    {
        Child owner = Child.Start(Own, name);
        Assert.Equal("entered", owner.ReadLine());
        return owner;
    }

    private static void Own(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        using SharedMutexScope scope = mutex.Enter();
        Console.WriteLine("entered");
        Console.ReadLine();
    }

    private static void OwnForever(string[] args)
    {
        using SharedMutex mutex = SharedMutex.Open(args[0]);
        Console.WriteLine("open");
        _ = mutex.Enter();
        Console.WriteLine("entered");
        Console.ReadLine();
    }
}
