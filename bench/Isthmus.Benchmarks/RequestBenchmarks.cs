using BenchmarkDotNet.Attributes;

namespace Isthmus.Benchmarks;

/// <summary>Does a call and its reply allocate, on both sides together? Sync and async; a thread serves.</summary>
public class RequestBenchmarks : IDisposable
{
    // Many in one invocation: the state machine of the benchmark itself is then nothing per operation.
    private const int Operations = 1000;

    private readonly RequestClient _client;
    private readonly ReplyServer _server;
    private readonly Thread _serving;
    private readonly byte[] _request = new byte[64];
    private readonly byte[] _reply = new byte[64];
    private volatile bool _ends;

    public RequestBenchmarks()
    {
        _client = RequestClient.CreateUnnamed(new() { MaxRequest = 64, MaxReply = 64 });
        using Microsoft.Win32.SafeHandles.SafeFileHandle memory = _client.Share();
        _server = ReplyServer.OpenUnnamed(memory);
        _serving = new Thread(Serve) { IsBackground = true };
        _serving.Start();
    }

    [Benchmark(Baseline = true)]
    public int Sync() => _client.Call(_request, _reply).Length;

    [Benchmark(OperationsPerInvoke = Operations)]
    public async ValueTask AsyncThatWaits()
    {
        for (int i = 0; i < Operations; i++)
        {
            await _client.CallAsync(_request, _reply);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _ends = true;
        _client.Call(_request, _reply);
        _serving.Join();
        _client.Dispose();
        _server.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Serve()
    {
        while (!_ends)
        {
            using ReceivedRequest request = _server.Receive();
            request.Reply(request.Span);
        }
    }
}
