using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Moves bytes between a pipe and another descriptor inside the kernel: <c>splice(2)</c>, <c>tee(2)</c>, <c>vmsplice(2)</c>.</summary>
internal static unsafe class SpliceCall
{
    public static long Splice(SafeHandle source, long? sourceOffset, SafeHandle destination, long? destinationOffset, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while (true)
        {
            long sourceAt = sourceOffset.GetValueOrDefault();
            long destinationAt = destinationOffset.GetValueOrDefault();
            nint moved = LibC.splice(
                source, sourceOffset is null ? null : &sourceAt, destination, destinationOffset is null ? null : &destinationAt, (nuint)count, 0);
            if (moved >= 0)
            {
                return moved;
            }
            WaitOrThrow("splice", source, destination, "One side must be a pipe, not both the same, and a file must not be open for appending.");
        }
    }

    public static int Tee(SafeHandle source, SafeHandle destination, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while (true)
        {
            nint copied = LibC.tee(source, destination, (nuint)count, 0);
            if (copied >= 0)
            {
                return (int)copied;
            }
            WaitOrThrow("tee", source, destination, "Both sides must be pipes, and not the same.");
        }
    }

    public static int VmSplice(SafeHandle destination, ReadOnlySpan<byte> memory)
    {
        fixed (byte* start = memory)
        {
            LibC.iovec vector = new() { iov_base = start, iov_len = (nuint)memory.Length };
            while (true)
            {
                nint mapped = LibC.vmsplice(destination, &vector, 1, 0);
                if (mapped >= 0)
                {
                    return (int)mapped;
                }
                WaitOrThrow("vmsplice", null, destination, null);
            }
        }
    }

    // EAGAIN comes only when one of the two is non-blocking, and does not say which.
    private static void WaitOrThrow(string call, SafeHandle? source, SafeHandle destination, string? hintOfEinval)
    {
        Errno errno = Errno.Last;
        if (errno == Errno.EINTR)
        {
            return;
        }
        if (errno != Errno.EAGAIN)
        {
            throw PosixException.From(errno, call, hint: errno switch
            {
                Errno.EINVAL => hintOfEinval,
                Errno.ESPIPE => "A pipe has no offset.",
                Errno.EPIPE => "Nobody reads from the other end any more.",
                _ => null,
            });
        }
        if (source is not null)
        {
            Poll.Wait(source, LibC.POLLIN, Deadline.Never);
        }
        Poll.Wait(destination, LibC.POLLOUT, Deadline.Never);
    }
}
