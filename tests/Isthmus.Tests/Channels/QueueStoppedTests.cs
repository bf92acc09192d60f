using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>A consumer in another process is stopped, not killed: nobody recovers what it has, and the others do without it.</summary>
public sealed class QueueStoppedTests
{
    private const int Others = 2, Messages = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_is_stopped_when_a_wake_has_chosen_it_delays_nothing_that_is_sent_later(bool acknowledges)
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxConsumers = Others + 1, LaneCapacity = 4096, Acknowledge = acknowledges });
        using QueueProducer producer = queue.CreateProducer();
        using Child chosen = Child.Start(ReceiveBehindOthers, name);
        Assert.Equal("receives", chosen.ReadLine());
        await Eventually.IsTrue(() => queue.GetStatus().Waiters == 1 && Chosen.Sleeps(chosen));
        // It sleeps longest, so the kernel chooses it.
        using Receivers others = new(queue);
        Chosen.WakeAndStop(chosen, () => producer.Send(new byte[8]));
        // As a message that all the same was received before.
        SendAll(producer);
        others.Expect(Messages);
        Finish(queue, chosen);
    }

    [Fact]
    public async Task Whoever_is_stopped_in_its_sleep_delays_nothing()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxConsumers = Others + 1, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using Child stopped = Child.Start(ReceiveBehindOthers, name);
        Assert.Equal("receives", stopped.ReadLine());
        await Eventually.IsTrue(() => queue.GetStatus().Waiters == 1 && Chosen.Sleeps(stopped));
        using Receivers others = new(queue);
        stopped.Pause();
        SendAll(producer);
        others.Expect(Messages);
        Finish(queue, stopped);
    }

    [Fact]
    public async Task Whoever_is_stopped_while_it_awaits_delays_nothing()
    {
        using TemporaryName name = new();
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxConsumers = Others + 1, LaneCapacity = 4096 });
        using QueueProducer producer = queue.CreateProducer();
        using Child stopped = Child.Start(Await, name);
        Assert.Equal("awaits", stopped.ReadLine());
        stopped.Pause();
        Task<int>[] others = [.. Enumerable.Range(0, Others).Select(_ => AwaitAllAsync(queue))];
        SendAll(producer);
        await Eventually.IsTrue(() => queue.GetStatus().UsedBytes == 0);
        queue.Complete();
        Assert.Equal(Messages, (await Task.WhenAll(others).OrHang()).Sum());
        Finish(queue, stopped);
    }

    // With a pause between them, in which the others fall asleep again, or without.
    private static void SendAll(QueueProducer producer)
    {
        for (int message = 0; message < Messages; message++)
        {
            producer.Send(new byte[8]);
            Thread.SpinWait(message % 4 * 1000);
        }
    }

    private static void Finish(SharedQueue queue, Child stopped)
    {
        queue.Complete();
        using (ProcessHandle process = ProcessHandle.Open(stopped.Id))
        {
            process.Send(Signal.SIGCONT);
        }
        Assert.Equal("0 or 1", int.Parse(stopped.ReadLine(), CultureInfo.InvariantCulture) is 0 or 1 ? "0 or 1" : "more");
        Assert.Equal(0, stopped.WaitForExit());
    }

    private static async Task<int> AwaitAllAsync(SharedQueue queue)
    {
        using QueueConsumer consumer = queue.CreateConsumer();
        byte[] buffer = new byte[8];
        int received = 0;
        while ((await consumer.ReceiveAsync(buffer)).Outcome == QueueReceiveOutcome.Received)
        {
            received++;
        }
        return received;
    }

    private static void ReceiveBehindOthers(string[] args)
    {
        using SharedQueue queue = SharedQueue.Open(args[0]);
        using QueueConsumer consumer = queue.CreateConsumer();
        Console.WriteLine("receives");
        int received = 0;
        while (consumer.Receive(new byte[8]).Outcome == QueueReceiveOutcome.Received)
        {
            received++;
        }
        Console.WriteLine(received);
    }

    private static void Await(string[] args)
    {
        using SharedQueue queue = SharedQueue.Open(args[0]);
        Task<int> awaiting = AwaitAllAsync(queue);
        Console.WriteLine("awaits");
        Console.WriteLine(awaiting.OrHang().GetAwaiter().GetResult());
    }

    /// <summary>Threads that receive, and sleep when it begins.</summary>
    private sealed class Receivers : IDisposable
    {
        private readonly SharedQueue _queue;
        private readonly SemaphoreSlim _received = new(0);
        private readonly Blocked[] _threads;

        public Receivers(SharedQueue queue)
        {
            _queue = queue;
            _threads = [.. Enumerable.Range(0, Others).Select(_ => Blocked.In(Receive))];
        }

        /// <summary>Waits until so many messages were received.</summary>
        public void Expect(int messages)
        {
            for (int message = 0; message < messages; message++)
            {
                Assert.True(_received.Wait(Child.Limit), $"Only {message} were received.");
            }
        }

        public void Dispose()
        {
            _queue.Complete();
            Array.ForEach(_threads, static thread => thread.Join());
            _received.Dispose();
        }

        private void Receive()
        {
            using QueueConsumer consumer = _queue.CreateConsumer();
            while (consumer.Receive(new byte[8]).Outcome == QueueReceiveOutcome.Received)
            {
                _received.Release();
            }
        }
    }
}
