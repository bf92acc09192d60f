using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Isthmus;

// The operations, as structs, so that their drivers specialise and nothing is allocated: over a span for sync
// calls, over memory for async ones.
public sealed partial class UnixSocket
{
    private readonly ref struct SendSpan(ReadOnlySpan<byte> data) : IPollOperation<int>
    {
        private readonly ReadOnlySpan<byte> _data = data;

        public Readiness Readiness => Readiness.Writable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Send(handle, _data, noWait, out result);
    }

    private readonly struct SendMemory(ReadOnlyMemory<byte> data) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Writable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Send(handle, data.Span, noWait, out result);
    }

    private readonly ref struct ReceiveSpan(Span<byte> buffer, bool isStream) : IPollOperation<int>
    {
        private readonly Span<byte> _buffer = buffer;

        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Receive(handle, _buffer, isStream, noWait, out result);
    }

    private readonly struct ReceiveMemory(Memory<byte> buffer, bool isStream) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketCall.Receive(handle, buffer.Span, isStream, noWait, out result);
    }

    private readonly ref struct SendMessageSpan(ReadOnlySpan<byte> data, UnixSendOptions options) : IPollOperation<int>
    {
        private readonly ReadOnlySpan<byte> _data = data;

        public Readiness Readiness => Readiness.Writable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketMessage.Send(handle, _data, options, noWait, out result);
    }

    private readonly struct SendMessageMemory(ReadOnlyMemory<byte> data, UnixSendOptions options) : IPollOperation<int>
    {
        public Readiness Readiness => Readiness.Writable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
            SocketMessage.Send(handle, data.Span, options, noWait, out result);
    }

    private readonly ref struct ReceiveMessageSpan(Span<byte> buffer, SocketType type) : IPollOperation<ReceivedMessage>
    {
        private readonly Span<byte> _buffer = buffer;

        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out ReceivedMessage result) =>
            SocketMessage.Receive(handle, _buffer, type, noWait, out result);
    }

    private readonly struct ReceiveMessageMemory(Memory<byte> buffer, SocketType type) : IPollOperation<ReceivedMessage>
    {
        public Readiness Readiness => Readiness.Readable;

        public PollOutcome Run(SafeHandle handle, bool noWait, out ReceivedMessage result) =>
            SocketMessage.Receive(handle, buffer.Span, type, noWait, out result);
    }
}
