using System.Net.Sockets;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A connected or bound Unix domain socket (<c>unix(7)</c>): a stream of bytes, datagrams, or a connection that keeps
/// message boundaries (<c>SEQPACKET</c>), between processes of one machine; carries descriptors and the sender's
/// identity too. <see cref="UnixListener"/> is the other kind: the one that accepts.
/// </summary>
/// <remarks>
/// Not a layer over <see cref="Socket"/>: that one makes the open file description non-blocking with its first async
/// call, which a process that shares the descriptor would notice, and cannot pass descriptors, credentials or flags. It
/// goes on where it is at home: <see cref="ToSocket"/> and <see cref="FromSocket"/>. Sync calls block in the kernel,
/// async calls wait in the event loop; neither allocates. Thread-safe: any number may send and receive at once; a
/// stream's bytes then mix, messages do not. <see cref="Dispose"/> ends async waits with
/// <see cref="ObjectDisposedException"/>; a thread that blocks in a sync call goes on until the call ends
/// (<see cref="Shutdown"/> ends it).
/// </remarks>
public sealed partial class UnixSocket : IDisposable
{
    private readonly PollableHandle _pollable;

    internal UnixSocket(SafeFileHandle handle, SocketType type, BoundName? name = null)
    {
        Handle = handle;
        Type = type;
        _name = name;
        _pollable = new PollableHandle(handle, typeof(UnixSocket));
    }

    /// <summary>The socket's descriptor, for poll(2), options and for passing on. It closes with the socket.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>
    /// <see cref="SocketType.Stream"/>, <see cref="SocketType.Dgram"/> or <see cref="SocketType.Seqpacket"/>.
    /// </summary>
    public SocketType Type { get; }

    private bool IsStream => Type == SocketType.Stream;

    /// <summary>
    /// Two sockets connected to each other (<c>socketpair(2)</c>): one to keep, one to pass to a child.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Unix sockets have no such <paramref name="type"/>.</exception>
    /// <exception cref="PosixException"><c>EMFILE</c>, <c>ENFILE</c>: too many open files.</exception>
    public static unsafe (UnixSocket First, UnixSocket Second) CreatePair(SocketType type = SocketType.Stream)
    {
        int* ends = stackalloc int[2];
        LibC.Check(LibC.socketpair(LibC.AF_UNIX, Native(type) | LibC.SOCK_CLOEXEC, 0, ends));
        return (Own(ends[0]), Own(ends[1]));

        UnixSocket Own(int fd) => new(new SafeFileHandle(fd, ownsHandle: true), type);
    }

    /// <summary>
    /// Sends and blocks until there is space; the number of bytes sent. A message goes whole or not at all. A stream
    /// may take fewer bytes than offered when a signal comes: <see cref="AsStream"/> sends all.
    /// </summary>
    /// <exception cref="PosixException">
    /// <c>EPIPE</c> or <c>ECONNRESET</c>: the other side is closed (no SIGPIPE is raised); <c>EMSGSIZE</c>: longer than
    /// one message can be; <c>ENOTCONN</c>: not connected; <c>ECONNREFUSED</c>: the datagram's receiver is gone.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is disposed.</exception>
    public int Send(ReadOnlySpan<byte> data) =>
        _pollable.Run<SendSpan, int>(new SendSpan(data));

    /// <summary>
    /// Like <see cref="Send"/>, for at most <paramref name="timeout"/>; false when there was no space, and then nothing
    /// was sent.
    /// </summary>
    /// <param name="data">What to send.</param>
    /// <param name="timeout">
    /// Zero to try once, <see cref="Timeout.InfiniteTimeSpan"/> to wait as long as it takes.
    /// </param>
    /// <param name="sent">The number of bytes sent.</param>
    /// <inheritdoc cref="Send"/>
    public bool TrySend(ReadOnlySpan<byte> data, TimeSpan timeout, out int sent) =>
        _pollable.TryRun(new SendSpan(data), Deadline.After(timeout), out sent);

    /// <summary>
    /// Like <see cref="Send"/>, and waits without a thread. A stream takes what fits now; cancelled means that nothing
    /// was sent.
    /// </summary>
    /// <inheritdoc cref="Send"/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<SendMemory, int>(new SendMemory(data), cancellationToken);

    /// <summary>
    /// Receives and blocks until something comes: of a stream 1 byte up to the buffer's length, else one whole message.
    /// 0 when the other side has closed its sending half (a message may be empty too: <c>SEQPACKET</c> cannot tell the
    /// two apart). Descriptors that came along are closed unseen: <see cref="ReceiveMessage"/> takes them.
    /// </summary>
    /// <exception cref="PosixException">
    /// <c>ECONNRESET</c>: the other side closed, or died, before it had read all; <c>EMSGSIZE</c>: the message was
    /// longer than the buffer, the rest is lost; <c>ENOTCONN</c>: not connected.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is disposed.</exception>
    public int Receive(Span<byte> buffer) =>
        _pollable.Run<ReceiveSpan, int>(new ReceiveSpan(buffer, IsStream));

    /// <summary>Like <see cref="Receive"/>, for at most <paramref name="timeout"/>; false when nothing came.</summary>
    /// <param name="buffer">Where to put it.</param>
    /// <param name="timeout">
    /// Zero to try once, <see cref="Timeout.InfiniteTimeSpan"/> to wait as long as it takes.
    /// </param>
    /// <param name="received">The number of bytes received; 0 for the end.</param>
    /// <inheritdoc cref="Receive"/>
    public bool TryReceive(Span<byte> buffer, TimeSpan timeout, out int received) =>
        _pollable.TryRun(new ReceiveSpan(buffer, IsStream), Deadline.After(timeout), out received);

    /// <summary>
    /// Like <see cref="Receive"/>, and waits without a thread. Cancelled means that nothing was taken.
    /// </summary>
    /// <inheritdoc cref="Receive"/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _pollable.RunAsync<ReceiveMemory, int>(new ReceiveMemory(buffer, IsStream), cancellationToken);

    /// <summary>
    /// Closes one half or both (<c>shutdown(2)</c>) for all who share the connection: after the sending half is shut,
    /// the other side reads what is under way, then the end.
    /// </summary>
    /// <exception cref="PosixException"><c>ENOTCONN</c>: not connected.</exception>
    public void Shutdown(SocketShutdown how) => LibC.Check(LibC.shutdown(Handle, how switch
    {
        SocketShutdown.Receive => LibC.SHUT_RD,
        SocketShutdown.Send => LibC.SHUT_WR,
        SocketShutdown.Both => LibC.SHUT_RDWR,
        _ => throw new ArgumentOutOfRangeException(nameof(how)),
    }));

    /// <summary>
    /// The socket as a <see cref="Stream"/>, whose writes send all; disposing it disposes the socket.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The socket carries messages: they have bounds, which a stream has not.
    /// </exception>
    public Stream AsStream() => IsStream
        ? new UnixSocketStream(this)
        : throw new InvalidOperationException($"A {Type} socket is no stream: its messages have bounds.");

    /// <summary>Closes the socket. The name it may be bound to stays: <see cref="Unlink"/> removes it.</summary>
    public void Dispose()
    {
        _pollable.Dispose();
        _name?.Dispose();
    }

    internal static int Native(SocketType type) => type switch
    {
        SocketType.Stream => LibC.SOCK_STREAM,
        SocketType.Dgram => LibC.SOCK_DGRAM,
        SocketType.Seqpacket => LibC.SOCK_SEQPACKET,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "A Unix socket is Stream, Dgram or Seqpacket."),
    };
}
