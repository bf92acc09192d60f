namespace Isthmus;

/// <summary>
/// Takes the first message of a lane that nobody has taken, by a compare-exchange of its header; one that is offered again comes first. Or the
/// producer
/// takes it back, to make room.
/// </summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">Which lane.</param>
/// <param name="owner">Who takes it: <see cref="QueueHeader.Owner"/>.</param>
/// <param name="drops">Whether the producer takes it back.</param>
internal struct QueueClaim(QueueShape shape, int lane, ulong owner, bool drops = false) : IOperation
{
    private enum Stage : byte
    {
        Begin,
        Taken,
        Header,
        Again,
        Claim,
        HelpOwn,
        Help,
        Freed,
        Bound,
        BehindHeader,
        BehindFreed,
        BehindClaim,
        BehindEnd,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly ulong _owner = owner;
    private readonly bool _drops = drops;
    private Stage _stage;
    private ulong _position;
    private ulong _header;
    private ulong _behind;
    private ulong _bound;

    /// <summary>Whether one was taken.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Whether there is something else than records in the lane.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Where it stands.</summary>
    public readonly ulong Position => _position;

    /// <summary>Its header, as it was published.</summary>
    public readonly ulong Header => _header;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Begin:
                return Begin(ref memory);
            case Stage.Taken:
                _position = memory.Load(_shape.Taken(_lane));
                return GoOn(Stage.Header);
            case Stage.Header:
                _header = memory.Load(_shape.At(_lane, _position));
                return Decide();
            case Stage.Again:
                return LookAgain(memory.Load(_shape.Taken(_lane)));
            case Stage.Claim:
                return Claim(ref memory, Stage.HelpOwn);
            case Stage.HelpOwn:
            case Stage.Help:
                return Help(ref memory);
            default:
                return StepBehind(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Begin<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_shape.Acknowledges)
        {
            _position = memory.Load(_shape.Taken(_lane));
            return GoOn(Stage.Header);
        }
        _behind = memory.Load(_shape.Behind(_lane));
        return GoOn(QueueBehind.IsPending(_behind) ? Stage.Freed : Stage.Taken);
    }

    // What is no record of this position, or none at all, may be a sign that others have gone on.
    private Progress Decide() => QueueHeader.StateOf(_header) switch
    {
        QueueRecordState.Published => GoOn(QueueHeader.IsAt(_header, _position) && HasSize ? Stage.Claim : Stage.Again),
        > QueueRecordState.Published and <= QueueRecordState.Filler => GoOn(HasSize ? Stage.Help : Stage.Again),
        _ => GoOn(Stage.Again),
    };

    private readonly bool HasSize => _shape.SizeOf(_position, _header) != 0;

    private Progress LookAgain(ulong taken)
    {
        if (taken != _position)
        {
            _position = taken;
            return GoOn(Stage.Header);
        }
        IsDamaged = _header != 0;
        return Progress.Done;
    }

    private Progress Claim<TMemory>(ref TMemory memory, Stage next)
        where TMemory : struct, ISharedMemory
    {
        ulong found = _header;
        ulong claimed = _drops ? QueueHeader.With(_header, QueueRecordState.Dropped, _position) : QueueHeader.Taken(_header, _owner);
        if (memory.CompareExchange(_shape.At(_lane, _position), ref found, claimed))
        {
            IsTaken = true;
            _stage = next;
            return next == Stage.Begin ? Progress.Done : Progress.Continues;
        }
        if (next == Stage.Begin)
        {
            return GoOn(Stage.BehindHeader);
        }
        _header = found;
        return Decide();
    }

    // When it fails, another has helped.
    private Progress Help<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong taken = _position;
        memory.CompareExchange(_shape.Taken(_lane), ref taken, _position + (uint)_shape.SizeOf(_position, _header));
        return IsTaken ? Progress.Done : GoOn(Stage.Taken);
    }

    private Progress StepBehind<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Freed:
                _position = memory.Load(_shape.Freed(_lane));
                return GoOn(Stage.Bound);
            case Stage.Bound:
                _bound = memory.Load(_shape.Taken(_lane));
                return NextBehind(_position);
            case Stage.BehindHeader:
                _header = memory.Load(_shape.At(_lane, _position));
                return GoOn(Stage.BehindFreed);
            case Stage.BehindFreed:
                return DecideBehind(memory.Load(_shape.Freed(_lane)));
            case Stage.BehindClaim:
                return Claim(ref memory, Stage.Begin);
            default:
                memory.CompareExchange(_shape.Behind(_lane), ref _behind, QueueBehind.Clear(_behind));
                return GoOn(Stage.Taken);
        }
    }

    private Progress NextBehind(ulong position)
    {
        _position = position;
        return GoOn(position < _bound ? Stage.BehindHeader : Stage.BehindEnd);
    }

    // A header was that of its position if the place was not free after it was read.
    private Progress DecideBehind(ulong freed)
    {
        if (freed > _position)
        {
            return NextBehind(freed);
        }
        if (QueueHeader.StateOf(_header) == QueueRecordState.Published && QueueHeader.IsAt(_header, _position) && HasSize)
        {
            return GoOn(Stage.BehindClaim);
        }
        IsDamaged = !HasSize || _header == 0;
        return IsDamaged ? Progress.Done : NextBehind(_position + (uint)_shape.SizeOf(_position, _header));
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
