using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>One attempt at sending to or receiving from a POSIX message queue, as <see cref="PollableHandle"/> drives it.</summary>
internal static unsafe class PosixMessageCall
{
    /// <summary>mq_timedsend(3). A deadline long ago is the call that does not wait, without touching the description that others may share.</summary>
    public static PollOutcome Send(SafeHandle queue, ReadOnlySpan<byte> message, int priority, bool noWait, out int result)
    {
        LibC.timespec longAgo = default;
        fixed (byte* start = message)
        {
            result = LibC.mq_timedsend(queue, start, (nuint)message.Length, (uint)priority, noWait ? &longAgo : null);
        }
        return result == 0 ? PollOutcome.Done : Failed(queue, "mq_timedsend");
    }

    /// <summary>mq_timedreceive(3).</summary>
    public static PollOutcome Receive(SafeHandle queue, Span<byte> buffer, bool noWait, out PosixMessage result)
    {
        LibC.timespec longAgo = default;
        uint priority;
        nint length;
        fixed (byte* start = buffer)
        {
            length = LibC.mq_timedreceive(queue, start, (nuint)buffer.Length, &priority, noWait ? &longAgo : null);
        }
        result = length >= 0 ? new PosixMessage((int)length, (int)priority) : default;
        return length >= 0 ? PollOutcome.Done : Failed(queue, "mq_timedreceive");
    }

    /// <summary>mq_getattr(3).</summary>
    /// <exception cref="PosixException"><c>EBADF</c>: it is no message queue.</exception>
    public static LibC.mq_attr Attributes(SafeHandle queue)
    {
        LibC.mq_attr attributes;
        LibC.Check(LibC.mq_getattr(queue, &attributes), null, "mq_getattr");
        return attributes;
    }

    private static PollOutcome Failed(SafeHandle queue, string call) => Errno.Last switch
    {
        Errno.ETIMEDOUT or Errno.EAGAIN => PollOutcome.WouldBlock,
        Errno.EINTR => PollOutcome.Interrupted,
        Errno.EBADF => throw new InvalidOperationException(
            $"{call}: the queue was not opened for this (EBADF); ask for the access when opening it."),
        Errno.EMSGSIZE => throw PosixException.From(
            Errno.EMSGSIZE, call, null,
            $"Messages of this queue have up to {Attributes(queue).mq_msgsize} bytes: no longer one can be sent, and no smaller buffer receive"),
        Errno errno => throw PosixException.From(errno, call),
    };
}
