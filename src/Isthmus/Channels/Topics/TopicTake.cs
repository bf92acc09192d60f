namespace Isthmus;

/// <summary>
/// Takes the next sample of a ring, if there is one. A subscriber that drops the oldest pins it, fences and looks at the claim: either it finds that the
/// sample may be overwritten, or the publisher finds the pin. One that blocks is not overtaken, so it pins, and then moves its cursor: who finds that finds the
/// pin too.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="ring">Which ring.</param>
/// <param name="seat">The subscriber's.</param>
/// <param name="pin">Which of its pins; -1: none, for one that copies the sample before the last look at the claim.</param>
/// <param name="reader">How far it has come.</param>
/// <param name="blocks">Whether no publisher overtakes it.</param>
internal struct TopicTake(TopicLayout layout, int ring, int seat, int pin, TopicReader reader, bool blocks) : IOperation
{
    // Each time a publisher must have gone round the whole ring meanwhile.
    private const int TriesMax = 100;

    // The number of what was skipped.
    private const ulong Nothing = ulong.MaxValue;

    private enum Stage
    {
        Header,
        Number,
        Length,
        Pin,
        Check,
        Unpin,
        TellUnpinned,
        Claim,
        Cursor,
        TellPassed,
    }

    private TopicReader _reader = reader;
    private TopicNotify _notify = new(TopicLayout.Room);
    private Stage _stage;
    private ulong _number;
    private ulong _claim;
    private int _tries;

    /// <summary>How far it has come now.</summary>
    public readonly TopicReader Reader => _reader;

    /// <summary>Whether there was one.</summary>
    public bool Taken { get; private set; }

    /// <summary>Whether something stands in the ring that no publisher writes.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Where it stands.</summary>
    public ulong Position { get; private set; }

    /// <summary>Its length in bytes, as it was found: to be checked.</summary>
    public ulong Length { get; private set; }

    /// <summary>How many were lost since the one that was taken before.</summary>
    public ulong Lost { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Header:
                return LookAtHeader(ref memory);
            case Stage.Number:
                _number = memory.Load(layout.Number(ring, _reader.Position));
                return GoTo(Stage.Length);
            case Stage.Length:
                Length = memory.Load(layout.Length(ring, _reader.Position));
                return GoTo(pin >= 0 ? Stage.Pin : blocks ? Stage.Cursor : Stage.Check);
            case Stage.Pin:
                return Pin(ref memory);
            case Stage.Check:
                _claim = memory.Load(layout.Claim(ring));
                return layout.IsGone(_reader.Position, _claim) ? pin >= 0 ? GoTo(Stage.Unpin) : Jump() : Finish();
            case Stage.Unpin:
                memory.Store(layout.Pin(seat, pin), TopicPin.None);
                return GoTo(Stage.TellUnpinned);
            case Stage.TellUnpinned:
                return Notified(ref memory) ? Jump() : Progress.Continues;
            case Stage.Claim:
                _claim = memory.Load(layout.Claim(ring));
                // What follows in the same slot is published after it was claimed.
                return layout.IsGone(_reader.Position, _claim) ? Jump() : Fail();
            case Stage.Cursor:
                memory.Store(layout.Cursor(seat, ring), _reader.Position + 1);
                return GoTo(Stage.TellPassed);
            default:
                return Notified(ref memory) ? Passed() : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Taking does not wait.");

    private Progress LookAtHeader<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong position = _reader.Position;
        // Acquire: what was stored before the publication is seen.
        ulong header = memory.Load(layout.Header(ring, position));
        if (header == TopicHeader.Published(position))
        {
            return GoTo(Stage.Number);
        }
        if (!TopicHeader.IsReached(header, position) || _tries++ == TriesMax)
        {
            return Progress.Done;
        }
        if (header != TopicHeader.Skipped(position))
        {
            return TopicHeader.PositionOf(header) > position && !blocks ? GoTo(Stage.Claim) : Fail();
        }
        if (blocks)
        {
            _number = Nothing;
            return GoTo(Stage.Cursor);
        }
        _reader.Position++;
        return Progress.Continues;
    }

    private Progress Pin<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        int word = layout.Pin(seat, pin);
        if (blocks)
        {
            memory.Store(word, TopicPin.Of(ring, _reader.Position));
            return GoTo(Stage.Cursor);
        }
        ulong none = TopicPin.None;
        // A full fence. Nobody else writes there.
        return memory.CompareExchange(word, ref none, TopicPin.Of(ring, _reader.Position)) ? GoTo(Stage.Check) : Fail();
    }

    private bool Notified<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_notify.Step(ref memory))
        {
            return false;
        }
        _notify = new TopicNotify(TopicLayout.Room);
        return true;
    }

    private Progress Passed()
    {
        if (_number != Nothing)
        {
            return Finish();
        }
        _reader.Position++;
        return GoTo(Stage.Header);
    }

    // To where enough is left to be read before it happens again.
    private Progress Jump()
    {
        ulong next = layout.FirstUnsettled(_claim) - (ulong)layout.Buffer;
        if (_claim > TopicHeader.PositionMax || next <= _reader.Position)
        {
            return Fail();
        }
        _reader.Position = next;
        return GoTo(Stage.Header);
    }

    private Progress Finish()
    {
        if (_number < _reader.Number || _number > _reader.Position)
        {
            return Fail();
        }
        Taken = true;
        Position = _reader.Position;
        Lost = _number - _reader.Number;
        _reader = new TopicReader { Position = Position + 1, Number = _number + 1 };
        return Progress.Done;
    }

    private Progress Fail()
    {
        IsDamaged = true;
        return Progress.Done;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
