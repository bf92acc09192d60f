using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Lets handles travel beside a channel in shared memory, which carries bytes only: a file, a socket, a memfd, another channel without a name. The handle goes
/// over a Unix socket that connects the two processes; what the message carries is its <see cref="HandleTicket"/>.
/// </summary>
/// <remarks>
/// <para>
/// The sender calls <see cref="Send"/> and puts the ticket into its message; the receiver takes the ticket out and calls <see cref="Take"/>. The order does not
/// matter, nor does the order of the messages. Each handle is taken once. The receiver gets a descriptor of its own for the same open file; the sender's stays
/// open.
/// </para>
/// <para>
/// What came and was not taken (its message was dropped, or lost with a process) waits here: at most <see cref="UnclaimedMax"/> of them, then the oldest
/// is closed. Both ends send and take. All members may be used by several threads at once.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA2213", Justification = "A semaphore without a wait handle has nothing to dispose, and another thread may be in it.")]
public sealed class HandleLink : IDisposable
{
    /// <summary>How many handles wait to be taken, at most.</summary>
    public const int UnclaimedMax = 64;

    private readonly UnixSocket _socket;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly HandleArrivals _arrivals = new();
    private long _sent;

    /// <summary>Makes one end of it from a connected socket, of any type, which is nobody else's from then on and is closed with this object.</summary>
    public HandleLink(UnixSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _socket = socket;
        _ = ReceiveAsync();
    }

    /// <summary>How many handles were closed because nobody took them.</summary>
    public long DiscardedCount => _arrivals.Discarded;

    /// <summary>Sends a handle; blocks while the socket is full. Its ticket, for a message.</summary>
    /// <param name="handle">Stays the caller's, and may be disposed afterwards.</param>
    /// <exception cref="PosixException">
    /// <c>EPIPE</c>, <c>ECONNRESET</c>: the other end is closed; <c>ETOOMANYREFS</c>: too many descriptors are under way.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The link, or the handle, is disposed; nothing was sent.</exception>
    public HandleTicket Send(SafeHandle handle)
    {
        UnixSendOptions options = new() { Handles = [handle] };
        Span<byte> number = stackalloc byte[sizeof(long)];
        _sending.Wait();
        try
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, _sent + 1);
            _socket.SendMessage(number, options);
            return new HandleTicket(++_sent);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>As <see cref="Send"/>, without a thread that waits. Cancelled means that nothing was sent.</summary>
    /// <inheritdoc cref="Send"/>
    public async ValueTask<HandleTicket> SendAsync(SafeHandle handle, CancellationToken cancellationToken = default)
    {
        UnixSendOptions options = new() { Handles = [handle] };
        byte[] number = new byte[sizeof(long)];
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, _sent + 1);
            await _socket.SendMessageAsync(number, options, cancellationToken).ConfigureAwait(false);
            return new HandleTicket(++_sent);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Takes the handle of a ticket; blocks until it has come. It is the caller's then.</summary>
    /// <param name="ticket">As the other end's <see cref="Send"/> gave it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no ticket.</exception>
    /// <exception cref="InvalidOperationException">It was taken already, or closed because nobody took it for too long.</exception>
    /// <exception cref="EndOfStreamException">The other end is closed, and this handle has not come.</exception>
    /// <exception cref="InvalidDataException">The other end does not speak as a link does; all handles are closed.</exception>
    /// <exception cref="ObjectDisposedException">The link is disposed, before or meanwhile.</exception>
    public SafeFileHandle Take(HandleTicket ticket)
    {
        _arrivals.TryTake(ticket, Deadline.Never, out SafeFileHandle? handle);
        return handle!;
    }

    /// <summary>As <see cref="Take"/>; false when it has not come within <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Take"/>
    public bool TryTake(HandleTicket ticket, TimeSpan timeout, [NotNullWhen(true)] out SafeFileHandle? handle) =>
        _arrivals.TryTake(ticket, Deadline.After(timeout), out handle);

    /// <summary>As <see cref="Take"/>, without a thread that waits. Cancelled means that it was not taken.</summary>
    /// <inheritdoc cref="Take"/>
    public ValueTask<SafeFileHandle> TakeAsync(HandleTicket ticket, CancellationToken cancellationToken = default) =>
        _arrivals.TakeAsync(ticket, cancellationToken);

    /// <summary>Closes the link, and what came and was not taken.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _arrivals.End(new ObjectDisposedException(nameof(HandleLink)));
    }

    private async Task ReceiveAsync()
    {
        byte[] number = new byte[sizeof(long) + 1];
        Exception end;
        try
        {
            while (await ReceiveOneAsync(number).ConfigureAwait(false))
            {
            }
            end = new EndOfStreamException("The other end of the link is closed, and this handle has not come.");
        }
        catch (Exception error) when (error is IOException or InvalidDataException or ObjectDisposedException)
        {
            end = error;
        }
        _arrivals.End(end);
    }

    private async ValueTask<bool> ReceiveOneAsync(byte[] number)
    {
        ReceivedMessage message = await _socket.ReceiveMessageAsync(number).ConfigureAwait(false);
        if (message.Length == 0 && message.Handles.Count == 0)
        {
            return false;
        }
        if (message.IsTruncated || message.Length != sizeof(long))
        {
            message.Dispose();
            throw new InvalidDataException(
                $"The other end of the link has sent {message.FullLength} bytes with a handle, and not the {sizeof(long)} of its number.");
        }
        _arrivals.Add(BinaryPrimitives.ReadInt64LittleEndian(number), message.TakeHandles(1)[0]);
        return true;
    }
}
