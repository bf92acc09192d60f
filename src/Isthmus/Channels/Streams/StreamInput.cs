using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>What an end of a stream reads.</summary>
internal sealed class StreamInput(Segment segment, int end, int capacity)
    : StreamRing(segment, StreamSide.Reader(end), 1 - end, capacity)
{
    // How much was written, as seen last; and whether that is all, by the writer's word or because its end is gone.
    private ulong _written;
    private volatile bool _isFinished;
    private bool _isOver;

    /// <summary>Whether the writer has said that it writes no more, as seen last.</summary>
    public bool IsFinished => _isFinished || (LookAtOther() & StreamWord.Finished) != 0;

    private bool HasEnded => (_isFinished || _isOver) && _written == Position;

    /// <summary>Reads what is there; blocks until something is. False when nothing was until the deadline.</summary>
    public bool TryRead(Span<byte> buffer, Deadline deadline, out int count)
    {
        Enter();
        try
        {
            while (!TryTake(buffer, out count))
            {
                StreamAwait wait = Wait(Position, 0, deadline);
                if (!Learn(wait))
                {
                    return false;
                }
            }
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Reads what is there, at once.</summary>
    public bool TryRead(Span<byte> buffer, out int count)
    {
        Enter();
        try
        {
            return TryTake(buffer, out count) || (Learn(Look(Position)) && TryTake(buffer, out count));
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Reads what is there; completes when something is.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Enter();
        bool keeps = false;
        try
        {
            if (TryTake(buffer.Span, out int count))
            {
                return new ValueTask<int>(count);
            }
            keeps = true;
        }
        finally
        {
            if (!keeps)
            {
                Leave();
            }
        }
        return ReadLaterAsync(buffer, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    private async ValueTask<int> ReadLaterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            int count;
            do
            {
                StreamAwait wait = await WaitAsync(Position, 0, cancellationToken).ConfigureAwait(false);
                if (!Learn(wait))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            while (!TryTake(buffer.Span, out count));
            return count;
        }
        finally
        {
            Leave();
        }
    }

    // Takes what is there; true at the end too, with 0.
    private bool TryTake(Span<byte> buffer, out int count)
    {
        count = 0;
        if (_written - Position < (ulong)buffer.Length || _written == Position)
        {
            LookForMore();
        }
        if (_written == Position)
        {
            Segment.ThrowIfDisposed();
            return HasEnded;
        }
        while (count < buffer.Length && _written != Position)
        {
            count += TakePiece(buffer[count..]);
            if (_written == Position && count < buffer.Length)
            {
                LookForMore();
            }
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int TakePiece(Span<byte> buffer)
    {
        int wanted = (int)Math.Min((ulong)Math.Min(buffer.Length, Piece), _written - Position);
        ReadOnlySpan<byte> here = BytesHere(wanted);
        here.CopyTo(buffer);
        if (here.Length == wanted)
        {
            MoveOn(wanted);
            return wanted;
        }
        MoveOn(here.Length);
        return here.Length;
    }

    private void LookForMore()
    {
        if (!_isFinished)
        {
            Accept(LookAtOther());
        }
    }

    private void Accept(ulong word)
    {
        ulong written = StreamWord.PositionOf(word);
        if (written - Position > Capacity || written < _written)
        {
            ThrowDamaged(word);
        }
        _written = written;
        _isFinished |= (word & StreamWord.Finished) != 0;
    }

    // False when the wait came to nothing.
    private bool Learn(StreamAwait wait)
    {
        if (wait.HasMoved)
        {
            Accept(wait.Position);
        }
        _isOver |= wait.IsOver;
        return wait.HasMoved || wait.IsOver;
    }
}
