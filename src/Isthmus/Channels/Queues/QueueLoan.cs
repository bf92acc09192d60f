using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// A message that was received, where it stands in the queue: nothing was copied. Its place becomes free when it is disposed; the span must not
/// be used after
/// that. Loans may be disposed in any order, each once.
/// </summary>
/// <remarks>
/// In a queue that was made with <see cref="SharedQueueOptions.Acknowledge"/> a loan is finished by <see cref="Acknowledge"/>; one that is
/// disposed without is given
/// back, and received once more by somebody.
/// </remarks>
[SuppressMessage("Design", "CA1815", Justification = "A loan is not compared.")]
public unsafe ref struct QueueLoan
{
    private readonly byte* _record;
    private QueueConsumer? _consumer;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal QueueLoan(QueueConsumer consumer, byte* record, ulong header, ulong position, int lane)
    {
        _consumer = consumer;
        _record = record;
        Header = header;
        Position = position;
        Lane = lane;
    }

    internal QueueLoan(ulong header) => Header = header;

    /// <summary>The message. Other participants can write it: copy it before you check and believe it, unless you trust them.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it was disposed.</exception>
    public readonly ReadOnlySpan<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_consumer is null)
            {
                ThrowNone();
            }
            return new ReadOnlySpan<byte>(_record + QueueHeader.Size, Length);
        }
    }

    /// <summary>How many bytes.</summary>
    public readonly int Length => QueueHeader.LengthOf(Header);

    /// <summary>Whether somebody had received it before, and did not acknowledge it.</summary>
    public readonly bool IsRedelivered => QueueHeader.IsRedelivered(Header);

    /// <summary>Its priority: 0 is the lowest.</summary>
    public readonly int Priority => _consumer is null ? 0 : _consumer.PriorityOf(Lane);

    internal readonly ulong Header { get; }

    internal readonly ulong Position { get; }

    internal readonly int Lane { get; }

    /// <summary>Finishes it: it will not be received again.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it was disposed.</exception>
    /// <exception cref="ObjectDisposedException">The queue was disposed: it may be received again.</exception>
    public void Acknowledge()
    {
        if (_consumer is null)
        {
            ThrowNone();
        }
        QueueConsumer consumer = _consumer;
        End(isDone: true);
        consumer.ThrowIfUncertain();
    }

    /// <summary>Frees its place; or, where it should have been acknowledged first, gives it back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_consumer is not null)
        {
            End(!_consumer.Acknowledges);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void End(bool isDone)
    {
        QueueConsumer consumer = _consumer!;
        _consumer = null;
        consumer.Settle(this, isDone);
    }

    [DoesNotReturn]
    private static void ThrowNone() => throw new InvalidOperationException("There is no message, or it was disposed.");
}
