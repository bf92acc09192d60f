using BenchmarkDotNet.Attributes;

namespace Isthmus.Benchmarks;

/// <summary>Do bytes through a shared stream allocate? Sync, async at once, and async that has to wait.</summary>
public class SharedStreamBenchmarks : IDisposable
{
    // Many in one invocation: the state machine of the benchmark itself is then nothing per operation.
    private const int Operations = 1000;

    private readonly SharedStream _first;
    private readonly SharedStream _second;
    private readonly byte[] _bytes = new byte[64];
    private readonly byte[] _buffer = new byte[64];

    public SharedStreamBenchmarks()
    {
        _first = SharedStream.CreateUnnamed();
        using Microsoft.Win32.SafeHandles.SafeFileHandle memory = _first.Share();
        _second = SharedStream.OpenUnnamed(memory);
    }

    [Benchmark(Baseline = true)]
    public int Sync()
    {
        _first.Write(_bytes);
        return _second.Read(_buffer);
    }

    [Benchmark]
    public async ValueTask<int> Async()
    {
        await _first.WriteAsync(_bytes);
        return await _second.ReadAsync(_buffer);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public async ValueTask AsyncThatWaits()
    {
        for (int i = 0; i < Operations; i++)
        {
            ValueTask<int> read = _second.ReadAsync(_buffer);
            await _first.WriteAsync(_bytes);
            await read;
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        GC.SuppressFinalize(this);
    }
}
