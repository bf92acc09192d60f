using System.Runtime.InteropServices;

namespace Isthmus;

// The four plain operations, as structs, so that the drivers specialise and nothing is allocated. The span forms point
// into memory that their caller has fixed.
public sealed partial class UnixSocket
{
    private readonly unsafe struct SendSpan(byte* data, int length) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Writable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Send(handle, new ReadOnlySpan<byte>(data, length), noWait, out result);
    }

    private readonly struct SendMemory(ReadOnlyMemory<byte> data) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Writable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Send(handle, data.Span, noWait, out result);
    }

    private readonly unsafe struct ReceiveSpan(byte* buffer, int length, bool isStream) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Receive(handle, new Span<byte>(buffer, length), isStream, noWait, out result);
    }

    private readonly struct ReceiveMemory(Memory<byte> buffer, bool isStream) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Receive(handle, buffer.Span, isStream, noWait, out result);
    }
}
