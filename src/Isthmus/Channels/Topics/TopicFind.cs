namespace Isthmus;

/// <summary>
/// Finds where a ring's next sample comes, or where one begins to read: so many samples before that, as far as they are there. Nothing is written per
/// sample to tell that; but all positions that are below the claim by a group are settled, so the next one is near.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="ring">Which ring.</param>
/// <param name="history">How many samples before the next.</param>
internal struct TopicFind(TopicLayout layout, int ring, int history) : IOperation
{
    // Each time a publisher must have gone a good part of the ring meanwhile, which in a small one takes less than a microsecond: so there may be many. One
    // that stands still explains few.
    private const int TriesMax = 1_000_000, StillMax = 1000;

    private enum Stage
    {
        Claim,
        Ahead,
        Back,
        Header,
        Number,
        Check,
    }

    private Stage _stage;
    private ulong _position;
    private ulong _number;
    private ulong _header;
    private ulong _firstClaim;
    private int _found;
    private int _tries;
    private int _still;

    /// <summary>The ring's claim.</summary>
    public ulong Claim { get; private set; }

    /// <summary>The position, and the number of the sample that is there or comes there.</summary>
    public readonly TopicReader Reader => new() { Position = _position, Number = _number };

    /// <summary>Whether what stands in the ring is nothing that publishers write.</summary>
    public bool IsDamaged { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Claim:
                return Begin(memory.Load(layout.Claim(ring)));
            case Stage.Ahead:
                return LookAhead(memory.Load(layout.Header(ring, _position)));
            case Stage.Back:
                return LookBack(memory.Load(layout.Header(ring, _position - 1)));
            case Stage.Header:
                return LookAtHeader(memory.Load(layout.Header(ring, _position - 1)));
            case Stage.Number:
                _number = memory.Load(layout.Number(ring, _position - 1));
                _number += _header == TopicHeader.Published(_position - 1) ? 1UL : 0;
                return GoTo(Stage.Check);
            default:
                return Check(memory.Load(layout.Claim(ring)));
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Begin(ulong claim)
    {
        _still = claim == Claim ? _still + 1 : 0;
        if (claim > TopicHeader.PositionMax || _tries++ == TriesMax || _still > StillMax)
        {
            return Fail();
        }
        Claim = claim;
        _firstClaim = _tries == 1 ? claim : _firstClaim;
        _position = layout.FirstUnsettled(claim);
        _found = 0;
        _number = 0;
        if (claim >= _firstClaim + (ulong)layout.Slots)
        {
            // It is gone round: all that is here was published since this began. So that it is not gone again before the end, the fewest looks.
            return GoTo(Stage.Header);
        }
        return _position < claim ? GoTo(Stage.Ahead) : Progress.Done;
    }

    private Progress LookAhead(ulong header)
    {
        if (TopicHeader.IsSettled(header, _position) && ++_position < Claim)
        {
            return Progress.Continues;
        }
        return TurnBack();
    }

    // One position stays between here and the oldest, for its number.
    private Progress TurnBack()
    {
        if (_position == 0)
        {
            return Progress.Done;
        }
        ulong oldest = layout.Oldest(Claim);
        return GoTo(_found < history && (oldest == 0 || _position - 1 > oldest) ? Stage.Back : Stage.Header);
    }

    private Progress LookBack(ulong header)
    {
        if (!TopicHeader.IsSettled(header, _position - 1))
        {
            return GoTo(Stage.Check);
        }
        _position--;
        _found += header == TopicHeader.Published(_position) ? 1 : 0;
        return TurnBack();
    }

    private Progress LookAtHeader(ulong header)
    {
        _header = header;
        return GoTo(TopicHeader.IsSettled(header, _position - 1) ? Stage.Number : Stage.Check);
    }

    private Progress Check(ulong claim)
    {
        // Acquire: nothing above was read after this.
        bool isWhole = _position > 0 && TopicHeader.IsSettled(_header, _position - 1) && !layout.IsGone(_position - 1, claim);
        if (!isWhole)
        {
            _header = 0;
            return GoTo(Stage.Claim);
        }
        return _number <= _position ? Progress.Done : Fail();
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
