namespace Isthmus;

/// <summary>A producer's look whether its lane has room, or its wait until it has. Nothing is taken by it: only the lane's producer uses
/// room.</summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">The producer's.</param>
/// <param name="until">The position that must be free.</param>
/// <param name="tellsAlone">Whether to end the wait when there were consumers and none is left.</param>
/// <param name="waiters">How to wait; <see cref="Waiters.None"/>: not at all.</param>
internal struct QueueRoom(QueueShape shape, int lane, ulong until, bool tellsAlone, Waiters waiters) : IOperation
{
    private enum Stage : byte
    {
        Begin,
        Free,
        Closed,
        ConsumersInUse,
        Consumer,
        Look,
        Mark,
        Fence,
        End,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly ulong _until = until;
    private readonly bool _tellsAlone = tellsAlone;
    private readonly Waiters _waiters = waiters;
    private Stage _stage;
    private QueueFree _free;
    private ulong _marked;
    private short _consumer;
    private short _consumers;
    private bool _isMarked;
    private bool _waited;
    private int _spins;

    /// <summary>Whether there is room.</summary>
    public bool HasRoom { get; private set; }

    /// <summary>Whether the queue is closed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether all consumers are gone.</summary>
    public bool IsAlone { get; private set; }

    /// <summary>What is free, as seen last.</summary>
    public ulong Freed { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Begin:
                return Look(ref memory);
            case Stage.Free:
                return _free.Step(ref memory) ? See(_free.Freed) : Progress.Continues;
            case Stage.Closed:
                IsClosed = (memory.Load(QueueShape.Arrivals) & (QueueSignal.Closing | QueueSignal.Closed)) != 0;
                return IsClosed ? Progress.Done : _tellsAlone ? GoOn(Stage.ConsumersInUse) : NotYet(ref memory);
            case Stage.ConsumersInUse:
                _consumers = (short)Math.Min(memory.Load(QueueShape.ConsumersInUse), (ulong)_shape.Consumers);
                _consumer = 0;
                return _consumers == 0 ? NotYet(ref memory) : GoOn(Stage.Consumer);
            case Stage.Consumer:
                return LookForConsumer(ref memory);
            case Stage.Look:
                _marked = memory.Load(_shape.Room(_lane));
                return GoOn(Stage.Mark);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _isMarked = true;
                return GoOn(Stage.Begin);
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.End;

    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_shape.Claims)
        {
            return See(memory.Load(_shape.Freed(_lane)));
        }
        _free = new QueueFree(_shape, _lane);
        _stage = Stage.Free;
        _free.Step(ref memory);
        return Progress.Continues;
    }

    private Progress See(ulong freed)
    {
        Freed = freed;
        HasRoom = freed >= _until;
        return HasRoom || _waiters == Waiters.None ? Progress.Done : GoOn(Stage.Closed);
    }

    private Progress LookForConsumer<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!QueueOwner.IsFree(memory.Load(_shape.Consumer(_consumer))))
        {
            return NotYet(ref memory);
        }
        IsAlone = ++_consumer == _consumers;
        return IsAlone ? Progress.Done : Progress.Continues;
    }

    // Between the flag and here everything was looked at once more.
    private Progress NotYet<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_isMarked)
        {
            (_isMarked, _waited) = (false, true);
            _stage = Stage.Begin;
            return Progress.WaitsFor(_shape.Room(_lane), _marked);
        }
        return GoOn(!_waited && memory.Spin(ref _spins) ? Stage.Begin : Stage.Look);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = ChannelSignal.Marked(_marked, _waiters);
        if (marked == _marked || memory.CompareExchange(_shape.Room(_lane), ref _marked, marked))
        {
            _marked = marked;
            return GoOn(Stage.Fence);
        }
        return Progress.Continues;
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
