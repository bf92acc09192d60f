using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A listening Unix socket (<c>listen(2)</c>): it has the name, carries no data, and hands out a new connected
/// <see cref="UnixSocket"/> for each who connects. Any number of threads and tasks may accept at once.
/// </summary>
public sealed class UnixListener : IDisposable
{
    private readonly PollableHandle _pollable;
    private readonly BoundName? _name;
    private readonly bool _sameUserOnly;

    // The description is non-blocking, because accept(2) knows no flag that would say so for one call; sync calls poll.
    private UnixListener(SafeFileHandle handle, SocketType type, BoundName? name, bool sameUserOnly)
    {
        Handle = handle;
        Type = type;
        _pollable = new PollableHandle(handle, typeof(UnixListener));
        _name = name;
        _sameUserOnly = sameUserOnly;
    }

    /// <summary>
    /// The listening descriptor; readable (<c>poll(2)</c>) when a connection waits. It closes with the listener.
    /// </summary>
    public SafeFileHandle Handle { get; }

    /// <summary>
    /// <see cref="SocketType.Stream"/> or <see cref="SocketType.Seqpacket"/>, for all its connections.
    /// </summary>
    public SocketType Type { get; }

    /// <summary>The name it listens at, as the kernel has it.</summary>
    public UnixAddress Address => UnixSocket.LocalAddress(Handle);

    /// <summary>
    /// Binds the name and listens. From then on others may connect, whether anybody accepts yet or not.
    /// </summary>
    /// <param name="address">Where; <see cref="UnixAddress.Unnamed"/> lets the kernel choose an abstract name.</param>
    /// <param name="options">
    /// Type, mode (0600), backlog, whom to accept, and whether a dead socket's name is taken over.
    /// </param>
    /// <exception cref="PosixException">
    /// <c>EADDRINUSE</c>: the name exists, or with <see cref="UnixBindOptions.TakeOverStaleName"/>, lives;
    /// <c>ENOTSOCK</c>, <c>ELOOP</c>: what should be taken over is no socket.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: no write permission in the directory, or others may change it.
    /// </exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: the directory does not exist.</exception>
    public static UnixListener Create(UnixAddress address, UnixListenerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        options ??= new UnixListenerOptions();
        int type = UnixSocket.Native(options.Type) | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK;
        SafeFileHandle handle = LibC.Check(LibC.socket(LibC.AF_UNIX, type, 0));
        BoundName? name = null;
        try
        {
            name = BoundName.Bind(handle, address, options);
            LibC.Check(LibC.listen(handle, options.Backlog), address.ToString());
            return new UnixListener(handle, options.Type, name, UnixSocket.IsSameUserOnly(options.Peers, address));
        }
        catch
        {
            name?.Unlink();
            name?.Dispose();
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes over a descriptor that listens already, such as one passed by a service manager. It becomes non-blocking.
    /// </summary>
    /// <param name="handle">Closes with the listener; when it is refused it stays the caller's.</param>
    /// <param name="peers">Whose connections to hand out.</param>
    /// <exception cref="ArgumentException">It is no Unix socket, or it does not listen.</exception>
    public static UnixListener FromHandle(SafeFileHandle handle, PeerPolicy peers = PeerPolicy.ByAddress)
    {
        ArgumentNullException.ThrowIfNull(handle);
        SocketType type = UnixSocket.TypeOf(handle);
        if (!UnixSocket.IsListening(handle))
        {
            throw new ArgumentException("The socket does not listen.", nameof(handle));
        }
        int flags = LibC.Check(LibC.fcntl(handle, LibC.F_GETFL));
        LibC.Check(LibC.fcntl(handle, LibC.F_SETFL, flags | LibC.O_NONBLOCK));
        return new UnixListener(handle, type, null, UnixSocket.IsSameUserOnly(peers, UnixSocket.LocalAddress(handle)));
    }

    /// <summary>Blocks until somebody connects; the connection.</summary>
    /// <exception cref="PosixException">
    /// <c>EMFILE</c>, <c>ENFILE</c>: too many open files; the connection goes on waiting.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The listener is disposed.</exception>
    public UnixSocket Accept() => _pollable.Run<AcceptOperation, UnixSocket>(new AcceptOperation(this));

    /// <summary>Like <see cref="Accept"/>, for at most <paramref name="timeout"/>; false when nobody came.</summary>
    /// <inheritdoc cref="Accept"/>
    public bool TryAccept(TimeSpan timeout, [NotNullWhen(true)] out UnixSocket? socket)
    {
        bool accepted = _pollable.TryRun(new AcceptOperation(this), Deadline.After(timeout), out UnixSocket next);
        socket = next;
        return accepted;
    }

    /// <summary>
    /// Like <see cref="Accept"/>, and waits without a thread. Cancelled means that no connection was taken.
    /// </summary>
    /// <inheritdoc cref="Accept"/>
    public ValueTask<UnixSocket> AcceptAsync(CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<AcceptOperation, UnixSocket>(new AcceptOperation(this), cancellationToken);

    /// <summary>
    /// Removes the name if it is still this listener's; false when it is gone, or another's by now. Connections made
    /// before go on.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The listener was not bound to a path by <see cref="Create"/>.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The listener is disposed.</exception>
    public bool Unlink() => _name is not null
        ? _name.Unlink()
        : throw new InvalidOperationException("The listener has no path of its own; an abstract name ends with its socket.");

    /// <summary>
    /// Stops listening. Connections that nobody accepted are reset, async accepts end with
    /// <see cref="ObjectDisposedException"/>. The file stays, dead, until <see cref="Unlink"/> or the next
    /// <see cref="UnixBindOptions.TakeOverStaleName"/>.
    /// </summary>
    public void Dispose()
    {
        _pollable.Dispose();
        _name?.Dispose();
    }

    private readonly struct AcceptOperation(UnixListener listener) : IPollOperation<UnixSocket>
    {
        public Readiness Readiness => Readiness.Readable;

        public unsafe PollOutcome Run(SafeHandle handle, bool noWait, out UnixSocket result)
        {
            SafeFileHandle accepted = LibC.accept4(handle, null, null, LibC.SOCK_CLOEXEC);
            result = null!;
            if (accepted.IsInvalid)
            {
                Errno errno = Errno.Last;
                accepted.Dispose();
                // ECONNABORTED: whoever connected is gone again.
                return errno == Errno.ECONNABORTED ? PollOutcome.Interrupted : SocketCall.Outcome(errno, "accept4");
            }
            result = new UnixSocket(accepted, listener.Type);
            if (!listener._sameUserOnly || result.PeerCredentials.IsThisUserOrRoot)
            {
                return PollOutcome.Done;
            }
            result.Dispose();
            return PollOutcome.Interrupted;
        }
    }
}
