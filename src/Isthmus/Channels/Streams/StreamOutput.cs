using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>What an end of a stream writes.</summary>
internal sealed class StreamOutput(Segment segment, int end, int capacity) : StreamRing(segment, StreamSide.Writer(end), end, capacity)
{
    // How much was read, as seen last.
    private ulong _read;
    private volatile bool _isFinished;

    /// <summary>Whether this end has said that it writes no more.</summary>
    public bool IsFinished => _isFinished;

    /// <summary>Writes as much as there is room for; blocks until there is any. False when there was none until the deadline.</summary>
    public bool TryWrite(ReadOnlySpan<byte> buffer, Deadline deadline, out int count)
    {
        Enter();
        try
        {
            RequireOpen();
            while (!TryPut(buffer, out count))
            {
                if (!Learn(Wait(_read, _read + 1, deadline)))
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

    /// <summary>Writes all; blocks while there is no room. Until the deadline <paramref name="count"/> bytes were written.</summary>
    public bool TryWriteAll(ReadOnlySpan<byte> buffer, Deadline deadline, out int count)
    {
        Enter();
        try
        {
            RequireOpen();
            TryPut(buffer, out count);
            while (count < buffer.Length)
            {
                bool isInTime = Learn(Wait(_read, WantedFor(buffer.Length - count), deadline));
                TryPut(buffer[count..], out int more);
                count += more;
                if (!isInTime)
                {
                    return count == buffer.Length;
                }
            }
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Writes all; completes when there was room for all.</summary>
    public ValueTask WriteAllAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Enter();
        bool keeps = false;
        int count;
        try
        {
            RequireOpen();
            TryPut(buffer.Span, out count);
            if (count == buffer.Length)
            {
                return ValueTask.CompletedTask;
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
        return WriteRestAsync(buffer, count, cancellationToken);
    }

    /// <summary>Says that nothing more comes.</summary>
    public void Finish()
    {
        Enter();
        try
        {
            Segment.ThrowIfDisposed();
            if (!_isFinished)
            {
                _isFinished = true;
                MoveOn(0, StreamWord.Finished);
            }
        }
        finally
        {
            Leave();
        }
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    private async ValueTask WriteRestAsync(ReadOnlyMemory<byte> buffer, int count, CancellationToken cancellationToken)
    {
        try
        {
            while (count < buffer.Length)
            {
                StreamAwait wait = await WaitAsync(_read, WantedFor(buffer.Length - count), cancellationToken).ConfigureAwait(false);
                if (!Learn(wait))
                {
                    throw new OperationCanceledException($"Cancelled after {count} of {buffer.Length} bytes had been written.", cancellationToken);
                }
                TryPut(buffer.Span[count..], out int more);
                count += more;
            }
        }
        finally
        {
            Leave();
        }
    }

    // Room for all that is left, or for half a ring: else who reads little by little would wake this side for every little.
    private ulong WantedFor(int left) => Position + (ulong)Math.Min((uint)left, Capacity / 2) - Capacity;

    // Puts what there is room for; false when there is none, and some was wanted.
    private bool TryPut(ReadOnlySpan<byte> buffer, out int count)
    {
        count = 0;
        while (count < buffer.Length)
        {
            ulong room = Capacity - (Position - _read);
            int wanted = Math.Min(buffer.Length - count, Piece);
            if (room < (uint)wanted)
            {
                Accept(LookAtOther());
                room = Capacity - (Position - _read);
            }
            if (room == 0)
            {
                Segment.ThrowIfDisposed();
                return count > 0;
            }
            count += PutPiece(buffer.Slice(count, (int)Math.Min((ulong)wanted, room)));
        }
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PutPiece(ReadOnlySpan<byte> piece)
    {
        Span<byte> here = BytesHere(piece.Length);
        piece[..here.Length].CopyTo(here);
        MoveOn(here.Length);
        return here.Length;
    }

    private void Accept(ulong word)
    {
        if (Position - word > Capacity || word < _read)
        {
            ThrowDamaged(word);
        }
        _read = word;
    }

    // False when the wait came to nothing.
    private bool Learn(StreamAwait wait)
    {
        if (wait.HasMoved)
        {
            Accept(wait.Position);
        }
        else if (wait.IsOver)
        {
            ThrowBroken();
        }
        return wait.HasMoved;
    }

    private void RequireOpen()
    {
        Segment.ThrowIfDisposed();
        if (_isFinished)
        {
            throw new InvalidOperationException("This end has said by CloseWrite that it writes no more.");
        }
        if (OtherIsGone)
        {
            ThrowBroken();
        }
    }

    [DoesNotReturn]
    private void ThrowBroken()
    {
        Segment.ThrowIfDisposed();
        throw PosixException.From(Errno.EPIPE, "write", Segment.Name, "The other end of the stream is gone; PeerEnd says how.");
    }
}
