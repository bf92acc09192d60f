using System.Diagnostics;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Takes the next signal from the pipe of caught ones, else from the signalfd: the kernel delivers standard signals first, too.</summary>
/// <param name="caught">The pipe; null when the stream has no standard signals.</param>
/// <param name="blocked">The signalfd; null when the stream has no real-time signals. With both, neither of them blocks.</param>
internal readonly struct SignalRead(SafeHandle? caught, SafeHandle? blocked) : IPollOperation<SignalInfo>
{
    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out SignalInfo result)
    {
        if (caught is not null && blocked is not null)
        {
            PollOutcome outcome = ReadCaught(caught, noWait: false, out result);
            return outcome == PollOutcome.WouldBlock ? ReadBlocked(blocked, noWait: false, out result) : outcome;
        }
        return caught is not null ? ReadCaught(caught, noWait, out result) : ReadBlocked(blocked!, noWait, out result);
    }

    private static PollOutcome ReadCaught(SafeHandle pipe, bool noWait, out SignalInfo result)
    {
        LibC.siginfo_t info = default;
        PollOutcome outcome = DescriptorIO.Read(pipe, MemoryMarshal.AsBytes(new Span<LibC.siginfo_t>(ref info)), noWait, out int count);
        // The writing end is closed when the stream is disposed, and nowhere else.
        ObjectDisposedException.ThrowIf(outcome == PollOutcome.Done && count == 0, typeof(SignalStream));
        Debug.Assert(outcome != PollOutcome.Done || count == 128, "Writes of 128 bytes are atomic, and reads take as much.");
        result = outcome == PollOutcome.Done ? new SignalInfo(info) : default;
        return outcome;
    }

    private static PollOutcome ReadBlocked(SafeHandle signals, bool noWait, out SignalInfo result)
    {
        LibC.signalfd_siginfo info = default;
        PollOutcome outcome = DescriptorIO.Read(
            signals, MemoryMarshal.AsBytes(new Span<LibC.signalfd_siginfo>(ref info)), noWait, out int count);
        Debug.Assert(outcome != PollOutcome.Done || count == 128, "A signalfd gives whole signals.");
        result = outcome == PollOutcome.Done ? new SignalInfo(info) : default;
        return outcome;
    }
}
