using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <content>Finding the next sample, and taking it.</content>
public sealed unsafe partial class Subscriber
{
    private bool TryFind(int pin, Deadline deadline, out TopicFound found)
    {
        _use.BeginLook();
        try
        {
            while (!LooksQuickly(pin, out found))
            {
                // What was worth a look may have been garbage.
                if (!Wait(deadline) || deadline.HasPassed)
                {
                    return TryFind(pin, out found);
                }
            }
            return true;
        }
        finally
        {
            _use.EndLook();
        }
    }

    private bool LooksQuickly(int pin, out TopicFound found)
    {
        for (int spin = 0; spin < (s_canSpin ? SpinsMax : 1); spin++)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (TryFind(pin, out found))
            {
                return true;
            }
        }
        found = default;
        return false;
    }

    private bool TryReceive(Span<byte> destination, Deadline deadline, out TopicSampleInfo info)
    {
        _use.BeginLook();
        try
        {
            while (!TryCopy(destination, out info))
            {
                if (!Wait(deadline) || deadline.HasPassed)
                {
                    return TryCopy(destination, out info);
                }
            }
            return true;
        }
        finally
        {
            _use.EndLook();
        }
    }

    private TopicFound MovePending(int pin)
    {
        _hasPending = false;
        _pins[pin] = _pinned[pin] = _pending.Pinned;
        Unpin(InnerPin);
        return _pending with { Pin = pin };
    }

    private bool TryFind(int pin, out TopicFound found)
    {
        if (_hasPending)
        {
            found = MovePending(pin);
            return true;
        }
        int rings = RingsInUse();
        for (int index = 0; index < rings; index++)
        {
            int ring = _next < rings ? _next : 0;
            _next = ring + 1;
            ref TopicCursor cursor = ref _cursors[ring];
            if (TopicHeader.IsReached(Volatile.Read(ref *(ulong*)cursor.Slot), cursor.Reader.Position) && TryTake(ref cursor, ring, pin, out found))
            {
                return true;
            }
        }
        _segment.ThrowIfDisposed();
        found = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int RingsInUse() => _cursors.Length == 1 ? 1 : (int)Math.Min(Volatile.Read(ref *_ringsInUse), (ulong)_cursors.Length);

    // As the steps of TopicTake, when nothing is in the way.
    private bool TryTake(ref TopicCursor cursor, int ring, int pin, out TopicFound found)
    {
        ulong position = cursor.Reader.Position;
        ulong* slot = (ulong*)cursor.Slot;
        if (Volatile.Read(ref slot[0]) != TopicHeader.Published(position))
        {
            return TryTakeSlowly(ref cursor, ring, pin, out found);
        }
        ulong number = slot[1], length = slot[2], pinned = TopicPin.Of(ring, position);
        if (_blocks)
        {
            _pins[pin] = pinned;
            Pass(ref cursor, position);
        }
        else
        {
            Interlocked.Exchange(ref _pins[pin], pinned);
            if (_layout.IsGone(position, Volatile.Read(ref *cursor.Claim)))
            {
                Unpin(pin);
                return TryTakeSlowly(ref cursor, ring, pin, out found);
            }
        }
        _pinned[pin] = pinned;
        found = new TopicFound
        {
            Payload = cursor.Slot + TopicLayout.PayloadOffset,
            Pin = pin,
            Pinned = pinned,
            Info = Took(ref cursor, ring, position, number, length),
        };
        return true;
    }

    private bool TryTakeSlowly(ref TopicCursor cursor, int ring, int pin, out TopicFound found)
    {
        TopicTake take = new(_layout, ring, _seat, pin, cursor.Reader, _blocks);
        ulong expected = cursor.Reader.Number;
        Driver.Run(_segment, ref take);
        cursor.Reader = take.Reader;
        cursor.Slot = cursor.First + (_stride * _layout.IndexOf(take.Reader.Position));
        if (take.IsDamaged)
        {
            throw Topic.Damaged();
        }
        found = default;
        if (!take.Taken)
        {
            return false;
        }
        _pinned[pin] = TopicPin.Of(ring, take.Position);
        found = new TopicFound
        {
            Payload = cursor.First + (_stride * _layout.IndexOf(take.Position)) + TopicLayout.PayloadOffset,
            Pin = pin,
            Pinned = _pinned[pin],
            Info = new TopicSampleInfo(LengthOf(take.Length), ring, (long)(expected + take.Lost), (long)take.Lost),
        };
        CountLost(take.Lost);
        return true;
    }

    private bool TryCopy(Span<byte> destination, out TopicSampleInfo info)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_hasPending)
        {
            int rings = RingsInUse();
            for (int index = 0; index < rings; index++)
            {
                int ring = _next < rings ? _next : 0;
                _next = ring + 1;
                ref TopicCursor cursor = ref _cursors[ring];
                if (TopicHeader.IsReached(Volatile.Read(ref *(ulong*)cursor.Slot), cursor.Reader.Position) && TryCopy(ref cursor, ring, destination, out info))
                {
                    return true;
                }
            }
            _segment.ThrowIfDisposed();
        }
        return TryCopyPending(destination, out info);
    }

    // As the steps of TopicTake without a pin; where something is in the way, with it.
    private bool TryCopy(ref TopicCursor cursor, int ring, Span<byte> destination, out TopicSampleInfo info)
    {
        ulong position = cursor.Reader.Position;
        ulong* slot = (ulong*)cursor.Slot;
        if (Volatile.Read(ref slot[0]) == TopicHeader.Published(position))
        {
            ulong number = slot[1], length = slot[2];
            if (length <= (ulong)destination.Length && length <= (ulong)_sizeMax)
            {
                // SAFETY: the length was copied once and checked; a slot has room for the greatest.
                new ReadOnlySpan<byte>(cursor.Slot + TopicLayout.PayloadOffset, (int)length).CopyTo(destination);
                Volatile.ReadBarrier();
                if (_blocks)
                {
                    Pass(ref cursor, position);
                    info = Took(ref cursor, ring, position, number, length);
                    return true;
                }
                if (!_layout.IsGone(position, Volatile.Read(ref *cursor.Claim)))
                {
                    info = Took(ref cursor, ring, position, number, length);
                    return true;
                }
            }
        }
        info = default;
        if (!TryTake(ref cursor, ring, InnerPin, out _pending))
        {
            return false;
        }
        _hasPending = true;
        return TryCopyPending(destination, out info);
    }

    private bool TryCopyPending(Span<byte> destination, out TopicSampleInfo info)
    {
        info = default;
        if (!_hasPending)
        {
            return false;
        }
        info = _pending.Info;
        if (info.Length > destination.Length)
        {
            throw new ArgumentException($"The sample has {info.Length} bytes, and there is room for {destination.Length}.", nameof(destination));
        }
        // SAFETY: it is pinned, and its length was checked.
        new ReadOnlySpan<byte>(_pending.Payload, info.Length).CopyTo(destination);
        _hasPending = false;
        Unpin(_pending.Pin);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TopicSampleInfo Took(ref TopicCursor cursor, int ring, ulong position, ulong number, ulong length)
    {
        ulong lost = number - cursor.Reader.Number;
        if (lost != 0)
        {
            if (number < cursor.Reader.Number || number > position)
            {
                throw Topic.Damaged();
            }
            CountLost(lost);
        }
        cursor.Reader = new TopicReader { Position = position + 1, Number = number + 1 };
        byte* next = cursor.Slot + _stride;
        cursor.Slot = next == cursor.End ? cursor.First : next;
        return new TopicSampleInfo(LengthOf(length), ring, (long)number, (long)lost);
    }
}
