namespace Isthmus;

/// <summary>Gives a producer's or consumer's place back, by who has it.</summary>
/// <param name="shape">The queue.</param>
/// <param name="role">Which kind.</param>
/// <param name="place">Which place.</param>
/// <param name="owned">Its word.</param>
internal struct QueueLeave(QueueShape shape, QueueRole role, int place, ulong owned) : IOperation
{
    private enum Stage : byte
    {
        Repair,
        Free,
        Tell,
    }

    private readonly QueueShape _shape = shape;
    private readonly QueueRole _role = role;
    private readonly int _place = place;
    private readonly ulong _owned = owned;
    private Stage _stage = role == QueueRole.Consumer && !shape.Claims ? Stage.Repair : Stage.Free;
    private int _lane;
    private QueueRepair _repair = new(shape, 0, owned);
    private QueueTell _tell = new(shape, wakesAll: false);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Repair:
                return Repair(ref memory);
            case Stage.Free:
                ulong found = _owned;
                int word = _role == QueueRole.Producer ? _shape.Producer(_place) : _shape.Consumer(_place);
                bool isOurs = memory.CompareExchange(word, ref found, QueueOwner.Free(_owned));
                _stage = Stage.Tell;
                return isOurs ? Progress.Continues : Progress.Done;
            default:
                return _tell.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");

    private Progress Repair<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_repair.Step(ref memory))
        {
            _stage = ++_lane == _shape.Lanes ? Stage.Free : Stage.Repair;
            _repair = new QueueRepair(_shape, _lane, _owned);
        }
        return Progress.Continues;
    }
}
