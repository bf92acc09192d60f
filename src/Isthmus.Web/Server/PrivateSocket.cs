using System.Net.Sockets;

namespace Isthmus.Web.Server;

/// <summary>
/// A Unix socket whose file was never wider than 0600, whatever the umask, and that replaces only a dead one. Removed in the end.
/// </summary>
internal sealed class PrivateSocket : IDisposable
{
    private readonly UnixListener _listener;
    private SafeSocketHandle? _borrowed;

    private PrivateSocket(UnixListener listener, string path)
    {
        _listener = listener;
        Path = path;
    }

    public string Path { get; }

    public static PrivateSocket Create(string path) =>
        new(UnixListener.Create(UnixAddress.FromPath(path), new UnixListenerOptions { TakeOverStaleName = true }), path);

    /// <summary>For Kestrel, which listens on it; the descriptor stays ours.</summary>
    public Socket ToSocket()
    {
        bool added = false;
        _listener.Handle.DangerousAddRef(ref added);
        _borrowed = new SafeSocketHandle(_listener.Handle.DangerousGetHandle(), ownsHandle: false);
        return new Socket(_borrowed);
    }

    public void Dispose()
    {
        _listener.Unlink();
        if (_borrowed is not null)
        {
            _borrowed.Dispose();
            _listener.Handle.DangerousRelease();
        }
        _listener.Dispose();
    }
}
