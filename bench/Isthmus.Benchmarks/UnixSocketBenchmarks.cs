using System.Net.Sockets;
using BenchmarkDotNet.Attributes;

namespace Isthmus.Benchmarks;

/// <summary>Does a message over a Unix socket allocate? Sync, timed, async at once, and async that has to wait.</summary>
public class UnixSocketBenchmarks : IDisposable
{
    // Many in one invocation: the state machine of the benchmark itself is then nothing per operation.
    private const int Operations = 1000;

    private readonly byte[] _message = new byte[64];
    private readonly byte[] _buffer = new byte[64];
    private UnixSocket _first = null!;
    private UnixSocket _second = null!;

    [Params(SocketType.Stream, SocketType.Dgram, SocketType.Seqpacket)]
    public SocketType Type { get; set; }

    [GlobalSetup]
    public void Connect() => (_first, _second) = UnixSocket.CreatePair(Type);

    [Benchmark(Baseline = true)]
    public int Sync()
    {
        _first.Send(_message);
        return _second.Receive(_buffer);
    }

    [Benchmark]
    public bool Timed() =>
        _first.TrySend(_message, TimeSpan.FromSeconds(1), out _) && _second.TryReceive(_buffer, TimeSpan.FromSeconds(1), out _);

    [Benchmark]
    public async ValueTask<int> Async()
    {
        await _first.SendAsync(_message);
        return await _second.ReceiveAsync(_buffer);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public async ValueTask AsyncThatWaits()
    {
        for (int i = 0; i < Operations; i++)
        {
            ValueTask<int> receive = _second.ReceiveAsync(_buffer);
            await _first.SendAsync(_message);
            await receive;
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
