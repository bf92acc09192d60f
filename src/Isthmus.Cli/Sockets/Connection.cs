using System.Net;
using System.Net.Sockets;

namespace Isthmus.Cli.Sockets;

#pragma warning disable CA2000 // The sockets made here belong to the object that is returned.

/// <summary>
/// A socket that data goes through, Unix or internet alike: what the verbs of <c>isthmus socket</c> need of it.
/// </summary>
internal abstract class Connection(SocketType type) : IDisposable
{
    // Longer than any message that default limits allow; one that is longer is an error, not cut.
    private const int MessageBytesMax = 4 << 20;

    /// <summary>It carries messages, not a stream of bytes.</summary>
    public bool KeepsBounds { get; } = type != SocketType.Stream;

    /// <summary>Receiving 0 bytes is its end; where there is no connection, it is a message without bytes.</summary>
    public bool HasEnd { get; } = type != SocketType.Dgram;

    /// <summary>Connects to a listener, or for datagrams to a receiver.</summary>
    public static async Task<Connection> ConnectAsync(SocketName name, SocketType type, CancellationToken cancellationToken)
    {
        if (name.Unix is not null)
        {
            UnixConnectOptions options = new() { Type = type };
            return new UnixConnection(await UnixSocket.ConnectAsync(name.Unix, options, cancellationToken));
        }
        IPEndPoint address = await name.ResolveAsync(cancellationToken);
        Socket socket = new(address.AddressFamily, type, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new InternetConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Binds a datagram socket, to which anybody may send.</summary>
    public static async Task<Connection> BindAsync(
        SocketName name, UnixBindOptions options, CancellationToken cancellationToken)
    {
        if (name.Unix is not null)
        {
            return new UnixConnection(UnixSocket.Bind(name.Unix, options), isBound: name.Unix.Path is not null);
        }
        IPEndPoint address = await name.ResolveAsync(cancellationToken);
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(address);
        return new InternetConnection(socket);
    }

    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Tells the other side that nothing more comes.</summary>
    public abstract void EndSending();

    /// <summary>Sends all of standard input: as a stream, or as one message.</summary>
    public async Task SendInputAsync(CancellationToken cancellationToken)
    {
        using StandardInput input = new();
        if (KeepsBounds)
        {
            ReadOnlyMemory<byte> message = await input.TryReadToEndAsync(MessageBytesMax, cancellationToken)
                ?? throw new CliException($"Standard input is longer than a message can be ({MessageBytesMax} bytes); nothing was sent.", ExitCode.System);
            await SendAsync(message, cancellationToken);
            return;
        }
        await input.CopyToAsync(SendAllAsync, cancellationToken);
        EndSending();
    }

    /// <summary>Prints what comes, until the other side ends or enough was printed; of a stream, its bytes as they come.</summary>
    public async Task PrintAsync(MessageOutput output, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MessageBytesMax];
        while (output.Left > 0 || !KeepsBounds)
        {
            int received = await ReceiveAsync(buffer, cancellationToken);
            if (received == 0 && HasEnd)
            {
                return;
            }
            ReadOnlyMemory<byte> data = buffer.AsMemory(0, received);
            await (KeepsBounds ? output.PrintAsync(data, cancellationToken) : output.PrintPartAsync(data, cancellationToken));
        }
    }

    /// <summary>
    /// Prints what comes while standard input is sent: an answer may be longer than the buffers while much is still to be
    /// sent. When nothing more can come because the connection failed, the rest of the input is not waited for.
    /// </summary>
    public async Task ExchangeAsync(MessageOutput output, CancellationToken cancellationToken)
    {
        using CancellationTokenSource failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(PrintAllAsync(), SendInputAsync(failed.Token));

        async Task PrintAllAsync()
        {
            try
            {
                await PrintAsync(output, cancellationToken);
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    public abstract void Dispose();

    private async ValueTask SendAllAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            data = data[await SendAsync(data, cancellationToken)..];
        }
    }

    private sealed class UnixConnection(UnixSocket socket, bool isBound = false) : Connection(socket.Type)
    {
        public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            socket.SendAsync(data, cancellationToken);

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            socket.ReceiveAsync(buffer, cancellationToken);

        public override void EndSending() => socket.Shutdown(SocketShutdown.Send);

        public override void Dispose()
        {
            if (isBound)
            {
                socket.Unlink();
            }
            socket.Dispose();
        }
    }

    private sealed class InternetConnection(Socket socket) : Connection(socket.SocketType)
    {
        public override ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            socket.SendAsync(data, cancellationToken);

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
            socket.ReceiveAsync(buffer, cancellationToken);

        public override void EndSending() => socket.Shutdown(SocketShutdown.Send);

        public override void Dispose() => socket.Dispose();
    }

    /// <summary>A socket that accepts; its name is removed with it.</summary>
    internal sealed class Acceptor : IDisposable
    {
        private readonly UnixListener? _unix;
        private readonly Socket? _internet;

        private Acceptor(UnixListener listener) => _unix = listener;

        private Acceptor(Socket listener) => _internet = listener;

        public static async Task<Acceptor> CreateAsync(
            SocketName name, UnixListenerOptions options, CancellationToken cancellationToken)
        {
            if (name.Unix is not null)
            {
                return new Acceptor(UnixListener.Create(name.Unix, options));
            }
            IPEndPoint address = await name.ResolveAsync(cancellationToken);
            Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(address);
            socket.Listen(options.Backlog);
            return new Acceptor(socket);
        }

        public async Task<Connection> AcceptAsync(CancellationToken cancellationToken) => _unix is not null
            ? new UnixConnection(await _unix.AcceptAsync(cancellationToken))
            : new InternetConnection(await _internet!.AcceptAsync(cancellationToken));

        public void Dispose()
        {
            if (_unix is { Address.IsAbstract: false })
            {
                _unix.Unlink();
            }
            _unix?.Dispose();
            _internet?.Dispose();
        }
    }
}
