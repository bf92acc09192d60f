namespace Isthmus;

/// <summary>
/// Publishes what a lane's producer has written: one record, or several, whose later headers it has stored already. The word after them becomes
/// 0, then
/// the header of the first is stored: with that, all are there.
/// </summary>
/// <param name="shape">The queue.</param>
/// <param name="lane">The producer's.</param>
/// <param name="first">The position of the first record.</param>
/// <param name="header">Its header.</param>
/// <param name="end">The position after the last record.</param>
internal struct QueuePublish(QueueShape shape, int lane, ulong first, ulong header, ulong end) : IOperation
{
    private enum Stage : byte
    {
        End,
        Header,
        Notify,
    }

    private readonly QueueShape _shape = shape;
    private readonly int _lane = lane;
    private readonly ulong _first = first;
    private readonly ulong _header = header;
    private readonly ulong _end = end;
    private Stage _stage;
    private QueueNotify _notify = QueueNotify.Arrivals(shape);

    /// <summary>A publication whose records are published already.</summary>
    public static QueuePublish Published(QueueShape shape) => new() { _stage = Stage.Notify, _notify = QueueNotify.Arrivals(shape) };

    /// <summary>Whether the queue was closed in this very moment, so that nobody can say whether this will be received.</summary>
    public readonly bool IsClosed => (_notify.Seen & QueueSignal.Closed) != 0;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.End:
                memory.Store(_shape.At(_lane, _end), 0);
                return GoOn(Stage.Header);
            case Stage.Header:
                memory.Store(_shape.At(_lane, _first), _header);
                return GoOn(Stage.Notify);
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Publishing does not wait.");

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
