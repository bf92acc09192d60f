using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The calls that move data, with their errors sorted into "again later" and "thrown".</summary>
internal static unsafe class SocketCall
{
    private const string PeerGone = "The other side is closed; nothing more can be sent to it.";

    /// <summary>send(2). Never raises SIGPIPE.</summary>
    public static PollOutcome Send(SafeHandle socket, ReadOnlySpan<byte> data, bool noWait, out int sent)
    {
        fixed (byte* bytes = data)
        {
            nint result = LibC.send(socket, bytes, (nuint)data.Length, LibC.MSG_NOSIGNAL | DontWait(noWait));
            sent = (int)result;
            return result >= 0 ? PollOutcome.Done : Failed("send");
        }
    }

    /// <summary>recv(2). A message longer than the buffer is an error, because what did not fit is lost.</summary>
    public static PollOutcome Receive(SafeHandle socket, Span<byte> buffer, bool isStream, bool noWait, out int received)
    {
        // For messages MSG_TRUNC makes the result the true length.
        int flags = isStream ? DontWait(noWait) : LibC.MSG_TRUNC | DontWait(noWait);
        fixed (byte* bytes = buffer)
        {
            nint result = LibC.recv(socket, bytes, (nuint)buffer.Length, flags);
            received = (int)result;
            if (result < 0)
            {
                return Failed("recv");
            }
            return result <= buffer.Length ? PollOutcome.Done : throw TooLong(result, buffer.Length);
        }
    }

    public static int DontWait(bool noWait) => noWait ? LibC.MSG_DONTWAIT : 0;

    /// <summary>What to do after a call that failed: wait, try again, or (any other error) throw.</summary>
    public static PollOutcome Failed(string call, string? name = null) => Outcome(Errno.Last, call, name);

    /// <inheritdoc cref="Failed"/>
    public static PollOutcome Outcome(Errno errno, string call, string? name = null) => errno switch
    {
        Errno.EAGAIN => PollOutcome.WouldBlock,
        Errno.EINTR => PollOutcome.Interrupted,
        _ => throw PosixException.From(errno, call, name, Hint(errno)),
    };

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EPIPE => PeerGone,
        Errno.ECONNRESET => "The other side closed, or died, before it had read all.",
        Errno.EMSGSIZE => "The message is too long for one datagram; raise SendBufferBytes, up to net.core.wmem_max.",
        Errno.ENOTCONN => "Connect first, or name the destination.",
        Errno.ETOOMANYREFS => "More descriptors are under way than RLIMIT_NOFILE allows; let the receivers take theirs.",
        Errno.EPERM => "Without privilege a process may state only its own pid, uid and gid.",
        Errno.ECONNREFUSED => "Nobody listens there.",
        _ => null,
    };

    private static Exception TooLong(nint length, int room) => PosixException.From(
        Errno.EMSGSIZE,
        "recv",
        hint: $"The message has {length} bytes, the buffer {room}; the rest is lost. ReceiveMessage tells instead.");
}
