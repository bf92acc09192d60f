using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>One attempt at <c>read(2)</c> or <c>write(2)</c>, as <see cref="PollableHandle"/> drives it.</summary>
internal static class DescriptorIO
{
    public static unsafe PollOutcome Read(SafeHandle handle, Span<byte> buffer, bool noWait, out int count)
    {
        fixed (byte* start = buffer)
        {
            LibC.iovec vector = new() { iov_base = start, iov_len = (nuint)buffer.Length };
            nint result = noWait
                ? LibC.preadv2(handle, &vector, 1, -1, LibC.RWF_NOWAIT)
                : LibC.read(handle, start, (nuint)buffer.Length);
            count = (int)result;
            return result >= 0 ? PollOutcome.Done : Outcome("read");
        }
    }

    public static unsafe PollOutcome Write(SafeHandle handle, ReadOnlySpan<byte> buffer, bool noWait, out int count)
    {
        fixed (byte* start = buffer)
        {
            LibC.iovec vector = new() { iov_base = start, iov_len = (nuint)buffer.Length };
            nint result = noWait
                ? LibC.pwritev2(handle, &vector, 1, -1, LibC.RWF_NOWAIT)
                : LibC.write(handle, start, (nuint)buffer.Length);
            count = (int)result;
            return result >= 0 ? PollOutcome.Done : Outcome("write");
        }
    }

    /// <summary>What the last error means for an attempt.</summary>
    /// <exception cref="PosixException">It is an error.</exception>
    public static PollOutcome Outcome(string call) => Errno.Last switch
    {
        Errno.EAGAIN => PollOutcome.WouldBlock,
        Errno.EINTR => PollOutcome.Interrupted,
        Errno.EOPNOTSUPP => PollOutcome.NoWaitUnsupported,
        Errno.EPIPE => throw PosixException.From(Errno.EPIPE, call, hint: "Nobody reads from the other end any more."),
        Errno errno => throw PosixException.From(errno, call),
    };
}

/// <summary><c>read(2)</c> into a span: for sync calls.</summary>
internal readonly ref struct SpanRead(Span<byte> buffer) : IPollOperation<int>
{
    private readonly Span<byte> _buffer = buffer;

    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) => DescriptorIO.Read(handle, _buffer, noWait, out result);
}

/// <summary><c>read(2)</c> into memory: for async calls.</summary>
internal readonly struct MemoryRead(Memory<byte> buffer) : IPollOperation<int>
{
    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) => DescriptorIO.Read(handle, buffer.Span, noWait, out result);
}

/// <summary><c>write(2)</c> from a span: for sync calls. May write less than all.</summary>
internal readonly ref struct SpanWrite(ReadOnlySpan<byte> buffer) : IPollOperation<int>
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;

    public Readiness Readiness => Readiness.Writable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) => DescriptorIO.Write(handle, _buffer, noWait, out result);
}

/// <summary><c>write(2)</c> from memory: for async calls. May write less than all.</summary>
internal readonly struct MemoryWrite(ReadOnlyMemory<byte> buffer) : IPollOperation<int>
{
    public Readiness Readiness => Readiness.Writable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) => DescriptorIO.Write(handle, buffer.Span, noWait, out result);
}
