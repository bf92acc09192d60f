using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

// How a socket comes to have a name or a peer.
public sealed partial class UnixSocket
{
    private static readonly UnixConnectOptions s_defaults = new();

    private readonly BoundName? _name;

    /// <summary>Connects, and blocks while the listener's backlog is full.</summary>
    /// <param name="address">The listener's name, or for datagrams the receiver's.</param>
    /// <param name="options">Type, whom the peer may be, symbolic links.</param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: no write permission, or the peer is another user than demanded.
    /// </exception>
    /// <exception cref="PosixException">
    /// <c>ECONNREFUSED</c>: nobody listens (of a file: its socket is dead); <c>EPROTOTYPE</c>: the listener is of
    /// another type; <c>ELOOP</c>: the path is a symbolic link; <c>ENOTSOCK</c>: the file is no socket.
    /// </exception>
    public static UnixSocket Connect(UnixAddress address, UnixConnectOptions? options = null)
    {
        using Connector connector = new(address, options ?? s_defaults, nonBlocking: false);
        while (!connector.Try())
        {
            // Interrupted by a signal; the kernel waited otherwise.
        }
        return connector.Take();
    }

    /// <summary>
    /// Like <see cref="Connect"/>, for at most <paramref name="timeout"/>; false when the backlog was full all the
    /// time.
    /// </summary>
    /// <inheritdoc cref="Connect"/>
    public static bool TryConnect(
        UnixAddress address, TimeSpan timeout, [NotNullWhen(true)] out UnixSocket? socket, UnixConnectOptions? options = null)
    {
        Deadline deadline = Deadline.After(timeout);
        using Connector connector = new(address, options ?? s_defaults, nonBlocking: true);
        Backoff backoff = default;
        bool connected;
        while (!(connected = connector.Try()) && backoff.Sleep(deadline))
        {
        }
        socket = connected ? connector.Take() : null;
        return connected;
    }

    /// <summary>
    /// Like <see cref="Connect"/>, and waits without a thread. The kernel gives no notice of space in a backlog, so
    /// while it is full this tries again every 1 to 50 ms.
    /// </summary>
    /// <inheritdoc cref="Connect"/>
    public static async Task<UnixSocket> ConnectAsync(
        UnixAddress address, UnixConnectOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Connector connector = new(address, options ?? s_defaults, nonBlocking: true);
        Backoff backoff = default;
        while (!connector.Try())
        {
            await backoff.DelayAsync(cancellationToken).ConfigureAwait(false);
        }
        return connector.Take();
    }

    /// <summary>
    /// A datagram socket with a name, to which others send; it answers with <see cref="UnixSendOptions.Destination"/>.
    /// Clients that want answers need a name too: <see cref="UnixAddress.Unnamed"/> lets the kernel choose one.
    /// </summary>
    /// <exception cref="PosixException">
    /// <c>EADDRINUSE</c>, <c>ENOTSOCK</c>, <c>ELOOP</c>: as in <see cref="UnixListener.Create"/>.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: no write permission in the directory, or others may change it.
    /// </exception>
    public static UnixSocket Bind(UnixAddress address, UnixBindOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        SafeFileHandle handle = LibC.Check(LibC.socket(LibC.AF_UNIX, LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC, 0));
        try
        {
            return new UnixSocket(handle, SocketType.Dgram, BoundName.Bind(handle, address, options ?? new UnixBindOptions()));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Removes the path that <see cref="Bind"/> made, if it is still this socket's; false when it is gone, or another's
    /// by now.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The socket was not bound to a path by <see cref="Bind"/>.
    /// </exception>
    public bool Unlink() => _name is not null
        ? _name.Unlink()
        : throw new InvalidOperationException("The socket has no path of its own; an abstract name ends with its socket.");

    /// <summary>One attempt after another to connect one socket; what is not taken at the end is closed.</summary>
    private sealed class Connector : IDisposable
    {
        private readonly UnixConnectOptions _options;
        private readonly UnixAddress _address;
        private readonly UnixAddress _target;
        private readonly SafeFileHandle? _file;
        private readonly bool _nonBlocking;
        private SafeFileHandle? _socket;

        public Connector(UnixAddress address, UnixConnectOptions options, bool nonBlocking)
        {
            ArgumentNullException.ThrowIfNull(address);
            if (options is { Type: SocketType.Dgram, Peer: PeerPolicy.SameUser })
            {
                throw new ArgumentException("A datagram socket has no credentials of its peer.", nameof(options));
            }
            (_address, _options, _nonBlocking) = (address, options, nonBlocking);
            int type = Native(options.Type) | LibC.SOCK_CLOEXEC | (nonBlocking ? LibC.SOCK_NONBLOCK : 0);
            // The very file that was found to be a socket and no link, whatever the path says by then.
            _file = address.Path is { } path && !options.FollowSymbolicLink ? SocketFile.Open(path) : null;
            _target = _file is null ? address : UnixAddress.FromPath(ProcFs.PathOf(_file));
            _socket = LibC.Check(LibC.socket(LibC.AF_UNIX, type, 0));
        }

        /// <summary>True when connected; false when the backlog is full or a signal came.</summary>
        public unsafe bool Try()
        {
            uint length = _target.WriteTo(out LibC.sockaddr_un name);
            return LibC.connect(_socket!, &name, length) == 0
                || SocketCall.Failed("connect", _address.ToString()) == PollOutcome.Done;
        }

        /// <summary>The connected socket, once its peer is found to be whom the options allow.</summary>
        public UnixSocket Take()
        {
            SafeFileHandle handle = _socket!;
            if (_options.Type != SocketType.Dgram && IsSameUserOnly(_options.Peer, _address))
            {
                RefuseOtherUsers(CredentialsOf(handle));
            }
            if (_nonBlocking)
            {
                int flags = LibC.Check(LibC.fcntl(handle, LibC.F_GETFL));
                LibC.Check(LibC.fcntl(handle, LibC.F_SETFL, flags & ~LibC.O_NONBLOCK));
            }
            _socket = null;
            return new UnixSocket(handle, _options.Type);
        }

        public void Dispose()
        {
            _file?.Dispose();
            _socket?.Dispose();
        }

        private void RefuseOtherUsers(PeerCredentials peer)
        {
            if (!peer.IsThisUserOrRoot)
            {
                string hint = $"User {peer.UserId} listens there; PeerPolicy.Anyone allows it.";
                throw PosixException.From(Errno.EACCES, "connect", _address.ToString(), hint);
            }
        }
    }
}
