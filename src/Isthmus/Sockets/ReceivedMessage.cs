using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// What came with a message besides its bytes, which are in the receiver's buffer. The handles belong to whoever
/// received them: dispose the message, or each handle.
/// </summary>
public readonly record struct ReceivedMessage : IDisposable
{
    // Emptied when they are taken, for all copies of this struct.
    private readonly List<SafeFileHandle>? _handles;

    internal ReceivedMessage(
        int length, int fullLength, SafeFileHandle[]? handles, PeerCredentials? credentials, UnixAddress? sender)
    {
        Length = length;
        FullLength = fullLength;
        _handles = handles is null ? null : [.. handles];
        Credentials = credentials;
        Sender = sender;
    }

    /// <summary>The number of bytes in the buffer; 0 for an empty message or the end of the stream.</summary>
    public int Length { get; }

    /// <summary>The number of bytes the message had; what the buffer could not hold is lost.</summary>
    public int FullLength { get; }

    /// <summary>The message was longer than the buffer.</summary>
    public bool IsTruncated => FullLength > Length;

    /// <summary>
    /// The descriptors that came along, at most 16, all close-on-exec; empty when none did, whatever the bytes may
    /// claim.
    /// </summary>
    public IReadOnlyList<SafeFileHandle> Handles => _handles is null ? [] : _handles;

    /// <summary>Who sent it, where <see cref="UnixSocket.ReceivesCredentials"/> is on.</summary>
    public PeerCredentials? Credentials { get; }

    /// <summary>
    /// The name of the socket that sent a datagram, <see cref="UnixAddress.Unnamed"/> if it has none; null for
    /// connections.
    /// </summary>
    public UnixAddress? Sender { get; }

    /// <summary>
    /// Takes the handles out of the message, when there are exactly as many as the protocol says; otherwise all are closed.
    /// They are the caller's then: disposing the message closes them no more.
    /// </summary>
    /// <exception cref="InvalidDataException">There are more or fewer: the peer breaks the protocol.</exception>
    public IReadOnlyList<SafeFileHandle> TakeHandles(int count)
    {
        if (Handles.Count == count)
        {
            SafeFileHandle[] taken = [.. Handles];
            _handles?.Clear();
            return taken;
        }
        Dispose();
        throw new InvalidDataException(
            $"The message should carry {count} descriptors and carries {Handles.Count}; all are closed.");
    }

    /// <summary>Closes all handles.</summary>
    public void Dispose()
    {
        foreach (SafeFileHandle handle in Handles)
        {
            handle.Dispose();
        }
    }
}
