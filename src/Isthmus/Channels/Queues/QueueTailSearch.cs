namespace Isthmus;

/// <summary>Finds where a lane's former producer has ended: a record was published or not, and after the last one there is a 0. For the new
/// producer.</summary>
internal struct QueueTailSearch(QueueShape shape, int lane) : IOperation
{
    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private ulong _first;
    private bool _isBegun;

    /// <summary>Where the next record is written.</summary>
    public ulong Tail { get; private set; }

    /// <summary>Whether there is something else than records in the lane.</summary>
    public bool IsDamaged { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_isBegun)
        {
            _isBegun = true;
            Tail = _first = memory.Load(_shape.Freed(_lane));
            IsDamaged = _first % QueueHeader.Size != 0;
            return IsDamaged ? Progress.Done : Progress.Continues;
        }
        ulong header = memory.Load(_shape.At(_lane, Tail));
        if (header == 0)
        {
            return Progress.Done;
        }
        int size = _shape.SizeOf(Tail, header);
        Tail += (uint)size;
        IsDamaged = size == 0 || Tail - _first >= (uint)_shape.Capacity;
        return IsDamaged ? Progress.Done : Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
