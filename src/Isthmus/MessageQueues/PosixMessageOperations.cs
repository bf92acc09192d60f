using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>Sends from a span: for sync calls.</summary>
internal readonly ref struct PosixMessageSend(ReadOnlySpan<byte> message, int priority) : IPollOperation<int>
{
    private readonly ReadOnlySpan<byte> _message = message;

    public Readiness Readiness => Readiness.Writable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
        PosixMessageCall.Send(handle, _message, priority, noWait, out result);
}

/// <summary>Sends from memory: for async calls.</summary>
internal readonly struct PosixMessageSendAsync(ReadOnlyMemory<byte> message, int priority) : IPollOperation<int>
{
    public Readiness Readiness => Readiness.Writable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result) =>
        PosixMessageCall.Send(handle, message.Span, priority, noWait, out result);
}

/// <summary>Receives into a span: for sync calls.</summary>
internal readonly ref struct PosixMessageReceive(Span<byte> buffer) : IPollOperation<PosixMessage>
{
    private readonly Span<byte> _buffer = buffer;

    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out PosixMessage result) =>
        PosixMessageCall.Receive(handle, _buffer, noWait, out result);
}

/// <summary>Receives into memory: for async calls.</summary>
internal readonly struct PosixMessageReceiveAsync(Memory<byte> buffer) : IPollOperation<PosixMessage>
{
    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out PosixMessage result) =>
        PosixMessageCall.Receive(handle, buffer.Span, noWait, out result);
}
