using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// What goes with a message besides its bytes. Immutable: make it once and use it for any number of messages.
/// </summary>
public sealed record UnixSendOptions
{
    /// <summary>
    /// The most descriptors one message carries. The kernel's own limit is 253; a receiver should never need so much
    /// room.
    /// </summary>
    public const int HandlesMax = 16;

    /// <summary>
    /// Descriptors for the receiver (<c>SCM_RIGHTS</c>), at most <see cref="HandlesMax"/>. It gets its own for the same
    /// open files: position and status flags are shared, and the sender's stay open. A stream needs at least one byte
    /// to carry them.
    /// </summary>
    /// <exception cref="ArgumentException">There are too many, or one is null.</exception>
    public IReadOnlyList<SafeHandle> Handles
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > HandlesMax || value.Contains(null))
            {
                throw new ArgumentException($"A message carries at most {HandlesMax} handles, none null.", nameof(value));
            }
            field = [.. value];
        }
    }
    = [];

    /// <summary>
    /// Whom to state as the sender (<c>SCM_CREDENTIALS</c>). Without privilege (CAP_SYS_ADMIN for the pid, CAP_SETUID,
    /// CAP_SETGID) only the truth is accepted. Null: the kernel states it by itself where the receiver asks.
    /// </summary>
    public PeerCredentials? Credentials { get; init; }

    /// <summary>For datagrams: to whom. Null: to whom the socket is connected.</summary>
    public UnixAddress? Destination { get; init; }
}
