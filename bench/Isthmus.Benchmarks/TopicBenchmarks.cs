using BenchmarkDotNet.Attributes;

namespace Isthmus.Benchmarks;

/// <summary>Does a sample of a topic allocate? Copied, on loan, async at once, and async that has to wait.</summary>
public class TopicBenchmarks : IDisposable
{
    // Many in one invocation: the state machine of the benchmark itself is then nothing per operation.
    private const int Operations = 1000;
    private const int Size = 64;

    private readonly Topic _topic;
    private readonly Publisher _publisher;
    private readonly Subscriber _subscriber;
    private readonly byte[] _sample = new byte[Size];
    private readonly byte[] _buffer = new byte[Size];

    public TopicBenchmarks()
    {
        _topic = Topic.CreateUnnamed(new() { MaxSampleSize = Size, MaxPublishers = 1, MaxSubscribers = 1 });
        _publisher = _topic.CreatePublisher();
        _subscriber = _topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
    }

    [Benchmark(Baseline = true)]
    public int Sync()
    {
        _publisher.Publish(_sample);
        return _subscriber.Receive(_buffer).Length;
    }

    [Benchmark]
    public int Loan()
    {
        _publisher.Publish(_sample);
        using TopicSample sample = _subscriber.Receive();
        return sample.Span[0];
    }

    [Benchmark]
    public async ValueTask<int> Async()
    {
        await _publisher.PublishAsync(_sample);
        return (await _subscriber.ReceiveAsync(_buffer)).Length;
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public async ValueTask AsyncThatWaits()
    {
        for (int i = 0; i < Operations; i++)
        {
            ValueTask<TopicSampleInfo> receive = _subscriber.ReceiveAsync(_buffer);
            await _publisher.PublishAsync(_sample);
            await receive;
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _publisher.Dispose();
        _subscriber.Dispose();
        _topic.Dispose();
        GC.SuppressFinalize(this);
    }
}
