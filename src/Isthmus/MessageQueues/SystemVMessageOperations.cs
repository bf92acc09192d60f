namespace Isthmus;

/// <summary>Sends from a span: for sync calls. <paramref name="tries"/> when a call that does not wait goes before those that do.</summary>
internal readonly ref struct SystemVMessageSend(int id, long type, ReadOnlySpan<byte> message, bool tries) : IBlockingOperation<int>
{
    private readonly ReadOnlySpan<byte> _message = message;

    public PollOutcome Run(bool noWait, out int result) =>
        SystemVMessageCall.Send(id, type, _message, noWait, wasThere: tries && !noWait, out result);
}

/// <summary>Sends from memory: for async calls.</summary>
internal readonly struct SystemVMessageSendAsync(int id, long type, ReadOnlyMemory<byte> message) : IBlockingOperation<int>
{
    public PollOutcome Run(bool noWait, out int result) =>
        SystemVMessageCall.Send(id, type, message.Span, noWait, wasThere: !noWait, out result);
}

/// <summary>Receives into a span: for sync calls. <paramref name="tries"/> when a call that does not wait goes before those that do.</summary>
internal readonly ref struct SystemVMessageReceive(int id, nint type, int flags, Span<byte> buffer, bool tries)
    : IBlockingOperation<SystemVMessage>
{
    private readonly Span<byte> _buffer = buffer;

    public PollOutcome Run(bool noWait, out SystemVMessage result) =>
        SystemVMessageCall.Receive(id, type, flags, _buffer, noWait, wasThere: tries && !noWait, out result);
}

/// <summary>Receives into memory: for async calls.</summary>
internal readonly struct SystemVMessageReceiveAsync(int id, nint type, int flags, Memory<byte> buffer) : IBlockingOperation<SystemVMessage>
{
    public PollOutcome Run(bool noWait, out SystemVMessage result) =>
        SystemVMessageCall.Receive(id, type, flags, buffer.Span, noWait, wasThere: !noWait, out result);
}
