using System.Buffers;

namespace Isthmus;

/// <summary>
/// Sends from a span: for sync calls. <paramref name="tries"/> when a call that does not wait goes before those that do. It is changed by its
/// attempts: one that was interrupted has found the queue.
/// </summary>
internal ref struct SystemVMessageSend(int id, long type, ReadOnlySpan<byte> message, bool tries) : IBlockingOperation<int>
{
    private readonly ReadOnlySpan<byte> _message = message;
    private bool _wasThere = tries;

    public PollOutcome Run(bool noWait, out int result)
    {
        PollOutcome outcome = SystemVMessageCall.Send(id, type, _message, noWait, wasThere: _wasThere && !noWait, out result);
        _wasThere |= outcome == PollOutcome.Interrupted;
        return outcome;
    }
}

/// <summary>Sends from memory: for async calls. The memory is pinned, so that a mapping stays while the call waits.</summary>
internal readonly struct SystemVMessageSendAsync(int id, long type, ReadOnlyMemory<byte> message) : IBlockingOperation<int>
{
    public PollOutcome Run(bool noWait, out int result)
    {
        using MemoryHandle pinned = message.Pin();
        return SystemVMessageCall.Send(id, type, message.Span, noWait, wasThere: !noWait, out result);
    }
}

/// <summary>Receives into a span: for sync calls. As <see cref="SystemVMessageSend"/>.</summary>
internal ref struct SystemVMessageReceive(int id, nint type, int flags, Span<byte> buffer, bool tries)
    : IBlockingOperation<SystemVMessage>
{
    private readonly Span<byte> _buffer = buffer;
    private bool _wasThere = tries;

    public PollOutcome Run(bool noWait, out SystemVMessage result)
    {
        PollOutcome outcome = SystemVMessageCall.Receive(
            id, type, flags, _buffer, noWait, wasThere: _wasThere && !noWait, out result);
        _wasThere |= outcome == PollOutcome.Interrupted;
        return outcome;
    }
}

/// <summary>Receives into memory: for async calls. As <see cref="SystemVMessageSendAsync"/>.</summary>
internal readonly struct SystemVMessageReceiveAsync(int id, nint type, int flags, Memory<byte> buffer) : IBlockingOperation<SystemVMessage>
{
    public PollOutcome Run(bool noWait, out SystemVMessage result)
    {
        using MemoryHandle pinned = buffer.Pin();
        return SystemVMessageCall.Receive(id, type, flags, buffer.Span, noWait, wasThere: !noWait, out result);
    }
}
