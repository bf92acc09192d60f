using System.Threading.Channels;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

public sealed class SharedQueueOfTests
{
    [Fact]
    public void Values_are_received_as_they_were_sent()
    {
        using SharedQueue<(long, double)> queue = SharedQueue<(long, double)>.CreateUnnamed();
        using QueueProducer<(long, double)> producer = queue.CreateProducer();
        using QueueConsumer<(long, double)> consumer = queue.CreateConsumer();
        Assert.Equal(QueueSendOutcome.Sent, producer.Send((1, 1.5)));
        Assert.True(producer.TrySend((2, 2.5)));
        Assert.Equal(QueueSendOutcome.Sent, producer.SendBatch([(3, 3.5), (4, 4.5)], out int sent));
        Assert.Equal(2, sent);
        Assert.True(consumer.TryReceive(out (long, double) first));
        Assert.Equal((1, 1.5), first);
        (long, double)[] rest = new (long, double)[10];
        Assert.Equal(3, consumer.TryReceive(rest));
        Assert.Equal([(2, 2.5), (3, 3.5), (4, 4.5)], rest[..3]);
        Assert.False(consumer.TryReceive(out _));
    }

    [Fact]
    public void Queue_of_values_of_another_size_is_refused()
    {
        using TemporaryName name = new();
        using SharedQueue<long> queue = SharedQueue<long>.Create(name);
        Assert.Contains("8 bytes", Assert.Throws<InvalidDataException>(() => SharedQueue<int>.Open(name)).Message);
        Assert.Throws<InvalidDataException>(() => SharedQueue.Open(name));
        SharedQueue<ulong>.Open(name).Dispose();
    }

    [Fact]
    public void Values_that_do_not_fit_in_a_lane_are_refused_with_the_number_that_would()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => SharedQueue<Big>.CreateUnnamed(new() { LaneCapacity = 4096 }));
        Assert.Contains("2040", error.Message);
    }

    [Fact]
    public async Task All_values_are_enumerated_until_the_queue_is_closed()
    {
        using SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed();
        using QueueConsumer<int> consumer = queue.CreateConsumer();
        Task<List<int>> reading = Task.Run(async () =>
        {
            List<int> values = [];
            await foreach (int value in consumer.ReadAllAsync(TestContext.Current.CancellationToken))
            {
                values.Add(value);
            }
            return values;
        });
        using QueueProducer<int> producer = queue.CreateProducer();
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(QueueSendOutcome.Sent, await producer.SendAsync(i));
        }
        queue.Complete();
        Assert.Equal(Enumerable.Range(0, 10_000), await reading.OrHang());
        Assert.Equal(QueueSendOutcome.Closed, producer.Send(0));
        Assert.Equal(QueueReceiveOutcome.Closed, consumer.Receive(out _));
    }

    [Fact]
    public void Reader_that_only_tries_is_told_of_the_end_by_Completion()
    {
        using SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed();
        ChannelReader<int> reader = queue.AsChannelReader();
        ChannelWriter<int> writer = queue.AsChannelWriter();
        Assert.True(writer.TryWrite(7));
        writer.Complete();
        Assert.False(reader.Completion.IsCompleted);
        Assert.True(reader.TryRead(out int value));
        Assert.Equal(7, value);
        Assert.True(reader.Completion.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completion_comes_to_one_who_only_awaits_it_as_with_a_channel_of_the_BCL(bool isBcl)
    {
        using SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed();
        Channel<int> bcl = Channel.CreateUnbounded<int>();
        ChannelReader<int> reader = isBcl ? bcl.Reader : queue.AsChannelReader(), other = isBcl ? bcl.Reader : queue.AsChannelReader();
        ChannelWriter<int> writer = isBcl ? bcl.Writer : queue.AsChannelWriter();
        Task completion = reader.Completion;
        Assert.True(writer.TryWrite(7));
        writer.Complete();
        Assert.False(completion.IsCompleted);
        Assert.True(other.TryRead(out _));
        await completion.OrHang();
        Assert.False(await reader.WaitToReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Completion_of_a_queue_that_is_disposed_fails()
    {
        SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed();
        Task completion = queue.AsChannelReader().Completion;
        queue.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => completion.OrHang());
    }

    [Fact]
    public async Task An_error_that_the_writer_is_completed_with_is_told_to_who_writes_by_it()
    {
        using SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed();
        ChannelWriter<int> writer = queue.AsChannelWriter();
        IOException disk = new("disk");
        Assert.True(writer.TryComplete(disk));
        Assert.False(writer.TryWrite(1));
        Assert.Same(disk, await Record.ExceptionAsync(() => writer.WaitToWriteAsync(TestContext.Current.CancellationToken).AsTask()));
        Assert.NotNull(await Record.ExceptionAsync(() => writer.WriteAsync(1, TestContext.Current.CancellationToken).AsTask()));
        await queue.AsChannelReader().Completion.OrHang();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Channels_of_the_BCL_cross_the_border(int readers)
    {
        using SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed(new() { LaneCapacity = 4096 });
        using SharedQueue<int> other = SharedQueue<int>.OpenUnnamed(queue.Share());
        ChannelWriter<int> writer = other.AsChannelWriter();
        Task<List<int>>[] reading = [.. Enumerable.Range(0, readers).Select(_ => ReadAll(queue.AsChannelReader()))];
        await Task.WhenAll(Write(0), Write(1)).OrHang();
        Assert.True(writer.TryComplete());
        Assert.False(writer.TryComplete());
        Assert.False(writer.TryWrite(0));
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await writer.WriteAsync(0, TestContext.Current.CancellationToken));
        List<int>[] read = await Task.WhenAll(reading).OrHang();
        Assert.Equal(Enumerable.Range(0, 4000), read.SelectMany(values => values).Order());

        async Task Write(int parity)
        {
            await Task.Yield();
            for (int i = 0; i < 2000; i++)
            {
                await writer.WriteAsync((2 * i) + parity, TestContext.Current.CancellationToken);
            }
        }

        static async Task<List<int>> ReadAll(ChannelReader<int> reader)
        {
            await Task.Yield();
            List<int> values = [];
            await foreach (int value in reader.ReadAllAsync())
            {
                values.Add(value);
            }
            await reader.Completion;
            return values;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(5000)]
    private struct Big
    {
        private byte _first;
    }
}
