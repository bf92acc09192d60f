using BenchmarkDotNet.Attributes;

namespace Isthmus.Benchmarks;

/// <summary>Does a message through a shared queue allocate? Copied, on loan, in a batch, timed, async at once, and async that has to wait.</summary>
public class QueueBenchmarks : IDisposable
{
    // Many in one invocation: the state machine of the benchmark itself is then nothing per operation.
    private const int Operations = 1000;
    private const int Size = 64;

    private readonly SharedQueue _queue;
    private readonly QueueProducer _producer;
    private readonly QueueConsumer _consumer;
    private readonly byte[] _message = new byte[Size];
    private readonly byte[] _batch = new byte[Size * 16];
    private readonly byte[] _buffer = new byte[Size];

    public QueueBenchmarks()
    {
        _queue = SharedQueue.CreateUnnamed(new() { MaxProducers = 1, MaxConsumers = 1 });
        _producer = _queue.CreateProducer();
        _consumer = _queue.CreateConsumer();
    }

    [Benchmark(Baseline = true)]
    public int Sync()
    {
        _producer.Send(_message);
        return _consumer.Receive(_buffer).Length;
    }

    [Benchmark]
    public int Loan()
    {
        using (QueueReservation place = _producer.Reserve(Size))
        {
            place.Span[0] = 1;
            place.Commit();
        }
        _consumer.TryReceive(out QueueLoan loan);
        using (loan)
        {
            return loan.Span[0];
        }
    }

    [Benchmark(OperationsPerInvoke = 16)]
    public int Batch()
    {
        _producer.SendBatch(_batch, Size, out int sent);
        _consumer.TryReceiveBatch(out QueueBatch batch);
        while (batch.TryNext(out ReadOnlySpan<byte> message))
        {
            sent += message[0];
        }
        batch.Dispose();
        return sent;
    }

    [Benchmark]
    public int Timed()
    {
        _producer.TrySend(_message, TimeSpan.FromSeconds(1));
        return _consumer.Receive(_buffer, TimeSpan.FromSeconds(1)).Length;
    }

    [Benchmark]
    public async ValueTask<int> Async()
    {
        await _producer.SendAsync(_message);
        return (await _consumer.ReceiveAsync(_buffer)).Length;
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public async ValueTask AsyncThatWaits()
    {
        for (int i = 0; i < Operations; i++)
        {
            ValueTask<QueueMessage> receive = _consumer.ReceiveAsync(_buffer);
            await _producer.SendAsync(_message);
            await receive;
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _producer.Dispose();
        _consumer.Dispose();
        _queue.Dispose();
        GC.SuppressFinalize(this);
    }
}
