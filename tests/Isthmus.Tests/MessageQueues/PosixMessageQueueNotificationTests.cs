using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>mq_notify without a signal and without a thread.</summary>
public sealed class PosixMessageQueueNotificationTests : IDisposable
{
    private readonly QueueName _name = new();
    private readonly PosixMessageQueue _queue;
    private readonly byte[] _buffer = new byte[SmallQueue.Size];

    public PosixMessageQueueNotificationTests() => _queue = SmallQueue.Create(_name);

    public void Dispose()
    {
        _queue.Dispose();
        _name.Dispose();
    }

    [Fact]
    public async Task It_completes_when_a_message_comes_into_the_empty_queue_and_takes_none()
    {
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        Assert.False(arrival.IsCompleted);
        _queue.Send("x"u8);
        await arrival.OrHang();
        Assert.Equal(1, _queue.MessageCount);
    }

    [Fact]
    public async Task A_queue_that_has_messages_already_stays_silent_until_it_was_empty()
    {
        _queue.Send("old"u8);
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        _queue.Send("more"u8);
        Assert.Equal(Environment.ProcessId, _queue.Stat().NotifiedProcessId);
        _queue.Receive(_buffer);
        _queue.Receive(_buffer);
        Assert.False(arrival.IsCompleted);
        _queue.Send("new"u8);
        await arrival.OrHang();
        Assert.Null(_queue.Stat().NotifiedProcessId);
    }

    [Fact]
    public async Task It_is_for_one_message_and_can_be_asked_for_again()
    {
        for (int i = 0; i < 20; i++)
        {
            Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
            _queue.Send("x"u8);
            await arrival.OrHang();
            Assert.Null(_queue.Stat().NotifiedProcessId);
            Assert.True(_queue.TryReceive(_buffer, out _));
        }
    }

    [Fact]
    public async Task A_receiver_that_waits_gets_the_message_and_nobody_is_told()
    {
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        Blocked receive = Blocked.In(() => _queue.Receive(_buffer));
        _queue.Send("for the receiver"u8);
        receive.Join();
        Assert.Equal(Environment.ProcessId, _queue.Stat().NotifiedProcessId);
        Assert.False(arrival.IsCompleted);
        _queue.Send("for all"u8);
        await arrival.OrHang();
    }

    [Fact]
    public async Task A_second_one_is_EBUSY_in_this_process_and_in_others()
    {
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        PosixException error = await Assert.ThrowsAsync<PosixException>(() => _queue.WaitForNotificationAsync());
        Assert.Equal(Errno.EBUSY, error.Errno);
        using Child child = Child.Start(Wait, _name);
        Assert.Equal("EBUSY", child.ReadLine());
        Assert.False(arrival.IsCompleted);
        _queue.Send("x"u8);
        await arrival.OrHang();
    }

    [Fact]
    public async Task When_the_process_that_waits_is_killed_another_one_can()
    {
        using Child child = Child.Start(Wait, _name);
        Assert.Equal("waiting", child.ReadLine());
        Assert.Equal(child.Id, _queue.Stat().NotifiedProcessId);
        child.Kill();
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        _queue.Send("x"u8);
        await arrival.OrHang();
    }

    [Fact]
    public async Task Cancelling_removes_the_registration()
    {
        using CancellationTokenSource cancel = new();
        Task arrival = _queue.WaitForNotificationAsync(cancel.Token);
        Assert.NotNull(_queue.Stat().NotifiedProcessId);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => arrival.OrHang());
        Assert.Null(_queue.Stat().NotifiedProcessId);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _queue.WaitForNotificationAsync(cancel.Token));
        Assert.Null(_queue.Stat().NotifiedProcessId);
    }

    [Fact]
    public async Task Cancellation_that_races_with_a_message_is_one_or_the_other_and_leaves_no_registration()
    {
        for (int round = 0; round < 100; round++)
        {
            using CancellationTokenSource cancel = new();
            Task arrival = _queue.WaitForNotificationAsync(cancel.Token);
            Task send = Task.Run(() => _queue.Send("x"u8));
            await cancel.CancelAsync();
            await send.OrHang();
            await arrival.OrHang().ContinueWith(
                task => Assert.True(task.IsCompletedSuccessfully || task.IsCanceled), TaskScheduler.Default);
            Assert.Null(_queue.Stat().NotifiedProcessId);
            _queue.Receive(_buffer);
        }
    }

    [Fact]
    public async Task Closing_another_descriptor_of_the_queue_does_not_lose_it()
    {
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        // The kernel drops what this process has registered with the queue then; it is registered again.
        PosixMessageQueue.Open(_name).Dispose();
        await Eventually.IsTrue(() => _queue.Stat().NotifiedProcessId == Environment.ProcessId);
        Assert.False(arrival.IsCompleted);
        _queue.Send("x"u8);
        await arrival.OrHang();
    }

    [Fact]
    public async Task A_message_that_comes_while_the_registration_was_lost_is_noticed()
    {
        for (int round = 0; round < 50; round++)
        {
            Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
            PosixMessageQueue.Open(_name).Dispose();
            _queue.Send("x"u8);
            await arrival.OrHang();
            Assert.Null(_queue.Stat().NotifiedProcessId);
            _queue.Receive(_buffer);
        }
    }

    [Fact]
    public async Task Dispose_ends_the_wait()
    {
        Task arrival = _queue.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        _queue.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => arrival.OrHang());
    }

    [Fact]
    public async Task It_needs_no_permission_to_receive()
    {
        using PosixMessageQueue writer = PosixMessageQueue.Open(_name, new() { Access = FileAccess.Write });
        Task arrival = writer.WaitForNotificationAsync(TestContext.Current.CancellationToken);
        writer.Send("x"u8);
        await arrival.OrHang();
    }

    private static void Wait(string[] args)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Open(args[0]);
        Task arrival = queue.WaitForNotificationAsync();
        Console.WriteLine(arrival.Exception?.InnerException is PosixException error
            ? error.Errno.ToString()
            : "waiting");
        Thread.Sleep(Timeout.Infinite);
    }
}
