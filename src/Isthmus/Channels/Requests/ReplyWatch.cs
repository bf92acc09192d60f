namespace Isthmus;

/// <summary>Waits until the client of a call gives it up, or takes a part of its reply.</summary>
/// <param name="cell">Of the call.</param>
/// <param name="id">The call's.</param>
/// <param name="taken">What <see cref="RequestCallWord.TakenBit"/> becomes when the part is taken; null: only the end is waited for.</param>
/// <param name="waiters">How it waits.</param>
internal struct ReplyWatch(int cell, ulong id, ulong? taken, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Mark,
        GiveUp,
    }

    private Stage _stage;
    private ulong _seen;
    private int _spins;
    private bool _waited;

    /// <summary>Whether the part was taken.</summary>
    public bool Taken { get; private set; }

    /// <summary>Whether nobody waits for the reply any more.</summary>
    public bool Cancelled { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(cell + RequestCells.CallAt);
                return Decide(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        Cancelled = !RequestCallWord.IsClaimed(_seen, id);
        Taken = !Cancelled && (_seen & RequestCallWord.TakenBit) == taken;
        if (Cancelled || Taken || waiters == Waiters.None)
        {
            return Progress.Done;
        }
        _stage = !_waited && memory.Spin(ref _spins) ? Stage.Look : Stage.Mark;
        return Progress.Continues;
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _seen | (ulong)waiters;
        if (marked != _seen && !memory.CompareExchange(cell + RequestCells.CallAt, ref _seen, marked))
        {
            return Decide(ref memory);
        }
        _waited = true;
        _stage = Stage.Look;
        return Progress.WaitsFor(cell + RequestCells.CallAt, marked);
    }
}
