using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>A thread that answers each request with itself, until it is disposed or its server is.</summary>
internal sealed class EchoThread : IDisposable
{
    private readonly ReplyServer _server;
    private readonly Task _task;
    private volatile bool _stop;

    public EchoThread(ReplyServer server)
    {
        _server = server;
        _task = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Dispose()
    {
        _stop = true;
        _task.OrHang().GetAwaiter().GetResult();
    }

    private void Run()
    {
        while (!_stop)
        {
            if (_server.TryReceive(TimeSpan.FromMilliseconds(20), out ReceivedRequest request))
            {
                request.Reply(request.Span);
            }
        }
    }
}
