using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Reading a pipe or FIFO. A FIFO that no writer has opened yet reads as if it had ended; <c>poll(2)</c> knows better: it hangs up only
/// after a writer has been there. So each 0 is looked at twice, which costs nothing while data flows.
/// </summary>
internal static class PipeRead
{
    /// <summary>What a read of 0 bytes means. A read into an empty buffer ends when there is something to read.</summary>
    public static PollOutcome MeaningOfNothing(SafeHandle handle, bool askedForNothing)
    {
        short ready = Poll.Look(handle, LibC.POLLIN);
        return ready == 0 ? PollOutcome.WouldBlock
            : askedForNothing || (ready & LibC.POLLIN) == 0 ? PollOutcome.Done
            : PollOutcome.Interrupted; // A first writer came in between: read again.
    }

    public static PollOutcome Run(SafeHandle handle, Span<byte> buffer, bool noWait, out int count)
    {
        PollOutcome outcome = DescriptorIO.Read(handle, buffer, noWait, out count);
        return outcome == PollOutcome.Done && count == 0 ? MeaningOfNothing(handle, buffer.IsEmpty) : outcome;
    }
}

/// <summary>Reads into a span: for sync calls.</summary>
internal readonly ref struct PipeSpanRead(Span<byte> buffer) : IPollOperation<int>
{
    private readonly Span<byte> _buffer = buffer;

    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) => PipeRead.Run(handle, _buffer, noWait, out result);
}

/// <summary>Reads into memory: for async calls.</summary>
internal readonly struct PipeMemoryRead(Memory<byte> buffer) : IPollOperation<int>
{
    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) => PipeRead.Run(handle, buffer.Span, noWait, out result);
}
