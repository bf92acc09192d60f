namespace Isthmus;

/// <summary>Passes a gate, or waits until it can.</summary>
/// <remarks>
/// <para>Who changes the word takes the flags out of it and wakes. So whoever had to wait leaves its flag again as it passes, for the others that
/// sleep still; and where so many are woken as can pass, at least one of those who were woken, and have not looked yet, is under way as long as
/// somebody could pass and sleeps without a flag in the word. Such a thread wakes the next when it passes and another could too, or when it gives
/// up. When it is killed, the recovery wakes all.</para>
/// <para>Of bells, all are rung; each process that was rung looks for all its waiters. They owe nothing.</para>
/// </remarks>
/// <param name="gate">What to wait for.</param>
/// <param name="waiters">How; <see cref="Waiters.None"/>: not at all.</param>
internal struct PassGate<TGate>(TGate gate, Waiters waiters) : IOperation
    where TGate : struct, IWordGate
{
    private enum Stage
    {
        Begin,
        Look,
        Pass,
        Mark,
        WakeNext,
        GiveUp,
    }

    private Stage _stage;
    private ulong _first;
    private ulong _seen;
    private int _spins;
    private bool _waited;

    public static bool StandsForAll => TGate.StandsForAll;

    /// <summary>Whether it passed.</summary>
    public bool Passed { get; private set; }

    /// <summary>The word as it was left, or seen last.</summary>
    public readonly ulong Word => _seen;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Begin:
                _seen = _first = memory.Load(TGate.Word);
                return Decide(ref memory);
            case Stage.Look:
                _seen = memory.Load(TGate.Word);
                return Decide(ref memory);
            case Stage.Pass:
                return Pass(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            case Stage.WakeNext:
                memory.Wake(TGate.Word, Waiters.Sleepers, 1);
                return Progress.Done;
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = OwesWake ? Stage.WakeNext : Stage.GiveUp;

    private readonly bool OwesWake => gate.WakesAreCounted && waiters == Waiters.Sleepers;

    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (gate.See(_seen, _first))
        {
            case GateState.Open:
                Passed = true;
                return _waited && OwesWake ? GoOn(Stage.WakeNext) : Progress.Done;
            case GateState.Grants:
                return GoOn(Stage.Pass);
            default:
                break;
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        return GoOn(!_waited && memory.Spin(ref _spins) ? Stage.Look : Stage.Mark);
    }

    private Progress Pass<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong passed = gate.Pass(_seen) | (ulong)(_waited ? waiters : Waiters.None);
        if (!memory.CompareExchange(TGate.Word, ref _seen, passed))
        {
            return Decide(ref memory);
        }
        _seen = passed;
        Passed = true;
        return _waited && OwesWake && gate.HasMore(passed) ? GoOn(Stage.WakeNext) : Progress.Done;
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _seen | (ulong)waiters;
        if (marked != _seen && !memory.CompareExchange(TGate.Word, ref _seen, marked))
        {
            return Decide(ref memory);
        }
        _waited = true;
        _stage = Stage.Look;
        return Progress.WaitsFor(TGate.Word, marked);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
