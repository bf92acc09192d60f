namespace Isthmus;

/// <summary>
/// A consumer's wait until there may be something to take, or the queue is closed and empty. Nothing is taken by it: when it is over, one tries.
/// </summary>
/// <param name="shape">The queue.</param>
/// <param name="tellsAlone">Whether to end the wait when there were producers and none is left.</param>
/// <param name="waiters">How to wait; <see cref="Waiters.None"/>: not at all.</param>
internal struct QueueArrival(QueueShape shape, bool tellsAlone, Waiters waiters) : IOperation
{
    // How often a position may have moved on under a look before it is somebody hostile who moves it.
    private const int StaleMax = 10_000;

    private enum Stage : byte
    {
        Begin,
        Producers,
        Behind,
        Taken,
        Header,
        Again,
        Producer,
        CloseFence,
        Close,
        Mark,
        Fence,
        End,
    }

    private readonly QueueShape _shape = shape;
    private readonly bool _tellsAlone = tellsAlone;
    private readonly Waiters _waiters = waiters;
    private Stage _stage;
    private bool _isMarked;
    private bool _waited;
    private bool _sawNobody;
    private short _producers;
    private short _producer;
    private short _priority;
    private short _stale;
    private int _spins;
    private ulong _signal;
    private ulong _position;

    // The owners' words that are looked at, added up; and those of the look before.
    private ulong _owners, _ownersBefore;

    /// <summary>Whether there may be something to take.</summary>
    public bool HasArrived { get; private set; }

    /// <summary>Whether the queue is closed, and nothing is left in it that nobody has taken.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether all producers are gone, and nothing is left that nobody has taken.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>Whether it has left its flag, so that a wake may have been spent on it: <see cref="QueuePassOn"/>.</summary>
    public bool MustPassOn { get; private set; }

    /// <summary>Whether positions change as nobody changes them.</summary>
    public readonly bool IsDamaged => _stale > StaleMax;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Begin:
                _signal = memory.Load(QueueShape.Arrivals);
                return GoOn(Stage.Producers);
            case Stage.Producers:
                return Scan(ref memory, memory.Load(QueueShape.ProducersInUse));
            case Stage.Behind:
                return QueueBehind.IsPending(memory.Load(_shape.Behind(Lane))) ? Arrived() : GoOn(Stage.Taken);
            case Stage.Taken:
                _position = memory.Load(_shape.Taken(Lane));
                return GoOn(Stage.Header);
            case Stage.Header:
                return memory.Load(_shape.At(Lane, _position)) != 0 ? Arrived() : GoOn(Stage.Again);
            case Stage.Again:
                return LookAgain(ref memory, memory.Load(_shape.Taken(Lane)));
            case Stage.Producer:
                return LookForProducer(ref memory);
            default:
                return StepOut(ref memory);
        }
    }

    public void Withdraw() => _stage = Stage.End;

    private readonly int Lane => _shape.Lane(_producer, _priority);

    private Progress StepOut<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.CloseFence:
                // Who began to close the queue may be dead or stopped.
                memory.SleeperFence();
                return GoOn(Stage.Close);
            case Stage.Close:
                memory.CompareExchange(QueueShape.Arrivals, ref _signal, ChannelSignal.Raise(_signal) | QueueSignal.Closed);
                return GoOn(Stage.Begin);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _isMarked = true;
                return GoOn(Stage.Producers);
            default:
                return Progress.Done;
        }
    }

    private Progress Scan<TMemory>(ref TMemory memory, ulong producersInUse)
        where TMemory : struct, ISharedMemory
    {
        _producers = (short)Math.Min(producersInUse, (ulong)_shape.Producers);
        (_producer, _priority) = (0, 0);
        return _producers == 0 ? Empty(ref memory) : GoOn(First);
    }

    private readonly Stage First => _shape.Acknowledges ? Stage.Behind : Stage.Taken;

    private Progress Arrived()
    {
        HasArrived = true;
        return Progress.Done;
    }

    private Progress LookAgain<TMemory>(ref TMemory memory, ulong taken)
        where TMemory : struct, ISharedMemory
    {
        if (taken != _position)
        {
            _position = taken;
            return ++_stale > StaleMax ? Progress.Done : GoOn(Stage.Header);
        }
        if (++_producer < _producers)
        {
            return GoOn(First);
        }
        _producer = 0;
        return ++_priority < _shape.Priorities ? GoOn(First) : Empty(ref memory);
    }

    private Progress Empty<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if ((_signal & QueueSignal.Closed) != 0)
        {
            IsClosed = true;
            return Progress.Done;
        }
        if ((_signal & QueueSignal.Closing) != 0)
        {
            return GoOn(Stage.CloseFence);
        }
        if (_tellsAlone && _producers > 0)
        {
            (_producer, _owners) = (0, 0);
            return GoOn(Stage.Producer);
        }
        return NotYet(ref memory);
    }

    // One may come to a place that was looked at, and another leave one that was not. So all are looked at twice: each word tells how often it was taken, and
    // when none has changed, there was nobody in between. What the last one published before it left is looked for between the two.
    private Progress LookForProducer<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong owner = memory.Load(_shape.Producer(_producer));
        if (!QueueOwner.IsFree(owner))
        {
            _sawNobody = false;
            return NotYet(ref memory);
        }
        _owners += owner;
        if (++_producer < _producers)
        {
            return Progress.Continues;
        }
        if (_sawNobody && _owners == _ownersBefore)
        {
            IsAlone = true;
            return Progress.Done;
        }
        (_sawNobody, _ownersBefore) = (true, _owners);
        return GoOn(Stage.Begin);
    }

    // Between the flag and here everything was looked at once more.
    private Progress NotYet<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (_isMarked)
        {
            (_isMarked, _waited) = (false, true);
            _stage = Stage.Begin;
            return Progress.WaitsFor(QueueShape.Arrivals, _signal);
        }
        return GoOn(!_waited && memory.Spin(ref _spins) ? Stage.Begin : Stage.Mark);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = ChannelSignal.Marked(_signal, _waiters);
        if (marked == _signal || memory.CompareExchange(QueueShape.Arrivals, ref _signal, marked))
        {
            _signal = marked;
            MustPassOn = _shape.Consumers > 1;
            return GoOn(Stage.Fence);
        }
        return GoOn(Stage.Begin);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
