using BenchmarkDotNet.Attributes;

namespace Isthmus.Benchmarks;

/// <summary>Does a message over a pipe allocate? Sync, timed, async at once, and async that has to wait.</summary>
public class PipeBenchmarks : IDisposable
{
    // Many in one invocation: the state machine of the benchmark itself is then nothing per operation.
    private const int Operations = 1000;

    private readonly AnonymousPipe _pipe = AnonymousPipe.Create();
    private readonly byte[] _message = new byte[64];
    private readonly byte[] _buffer = new byte[64];

    [Benchmark(Baseline = true)]
    public int Sync()
    {
        _pipe.Writer.Write(_message);
        return _pipe.Reader.Read(_buffer);
    }

    [Benchmark]
    public bool Timed() =>
        _pipe.Writer.TryWrite(_message, TimeSpan.FromSeconds(1), out _) && _pipe.Reader.TryRead(_buffer, TimeSpan.FromSeconds(1), out _);

    [Benchmark]
    public async ValueTask<int> Async()
    {
        await _pipe.Writer.WriteAsync(_message);
        return await _pipe.Reader.ReadAsync(_buffer);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public async ValueTask AsyncThatWaits()
    {
        for (int i = 0; i < Operations; i++)
        {
            ValueTask<int> read = _pipe.Reader.ReadAsync(_buffer);
            await _pipe.Writer.WriteAsync(_message);
            await read;
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pipe.Dispose();
        GC.SuppressFinalize(this);
    }
}
