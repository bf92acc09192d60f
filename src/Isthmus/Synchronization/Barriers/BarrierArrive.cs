namespace Isthmus;

/// <summary>Arrives at a barrier, and waits until all have.</summary>
/// <param name="slot">Whose member; it must have joined, and not have arrived already.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct BarrierArrive(int slot, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Read,
        Look,
        Announce,
        Check,
        Complete,
        Mark,
        LookBack,
        TakeBack,
        Settle,
        Raise,
    }

    private Stage _stage;
    private BarrierCompletion _completion;
    private ulong _mine;
    private ulong _first;
    private ulong _seen;
    private int _spins;
    private bool _waited;

    public static bool StandsForAll => true;

    /// <summary>What it came to.</summary>
    public BarrierOutcome Outcome { get; private set; }

    private readonly int Members => BarrierMembers.Word(slot);

    private readonly uint Round => BarrierWord.RoundOf(_first);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Read:
                // Before the round is looked at: another member of the slot cannot have arrived in a later one then.
                _mine = memory.Load(Members);
                return GoTo(Stage.Look);
            case Stage.Look:
                _first = memory.Load(BarrierWord.Word);
                bool canArrive = !BarrierWord.IsBroken(_first) && !BarrierMembers.AreComplete(_mine, Round);
                return canArrive ? GoTo(Stage.Announce) : End(BarrierOutcome.Broken);
            case Stage.Announce:
                bool isAnnounced = memory.CompareExchange(Members, ref _mine, BarrierMembers.Arrived(_mine, Round));
                return GoTo(isAnnounced ? Stage.Check : Stage.Look);
            case Stage.Check:
                _seen = memory.Load(BarrierWord.Word);
                return Judge();
            case Stage.Complete:
                return Complete(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            default:
                return StepBack(ref memory);
        }
    }

    public void Withdraw() => _stage = Stage.LookBack;

    private Progress Complete<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_completion.Step(ref memory).Kind != ProgressKind.Done)
        {
            return Progress.Continues;
        }
        if (_completion.HasPassed)
        {
            return End(BarrierOutcome.Last);
        }
        if (_completion.HasChanged)
        {
            _seen = _completion.Seen;
            return Judge();
        }
        if (waiters == Waiters.None)
        {
            return GoTo(Stage.LookBack);
        }
        return GoTo(!_waited && memory.Spin(ref _spins) ? Stage.Check : Stage.Mark);
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _seen | (ulong)waiters;
        if (marked != _seen && !memory.CompareExchange(BarrierWord.Word, ref _seen, marked))
        {
            return Judge();
        }
        _waited = true;
        _stage = Stage.Check;
        return Progress.WaitsFor(BarrierWord.Word, marked);
    }

    // Arrived.
    private Progress Judge()
    {
        if (BarrierWord.RoundOf(_seen) != Round)
        {
            return EndAsTheRoundDid();
        }
        if (BarrierWord.IsBroken(_seen))
        {
            return GoTo(Stage.LookBack);
        }
        _completion = new BarrierCompletion(_seen);
        return GoTo(Stage.Complete);
    }

    // The arrival is taken back in the slot's word first. Who has looked at that before may still end the round: then
    // it was counted.
    private Progress StepBack<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookBack:
                _mine = memory.Load(Members);
                return GoTo(BarrierMembers.ArrivedOf(_mine, Round) > 0 ? Stage.TakeBack : Stage.Settle);
            case Stage.TakeBack:
                bool isTaken = memory.CompareExchange(Members, ref _mine, BarrierMembers.TakenBack(_mine, Round));
                return GoTo(isTaken ? Stage.Settle : Stage.LookBack);
            case Stage.Settle:
                _seen = memory.Load(BarrierWord.Word);
                return Settle();
            default:
                return memory.CompareExchange(BarrierWord.Word, ref _seen, BarrierWord.Raised(_seen)) ? End(BarrierOutcome.TimedOut) : Settle();
        }
    }

    private Progress Settle()
    {
        if (BarrierWord.RoundOf(_seen) != Round)
        {
            return EndAsTheRoundDid();
        }
        return BarrierWord.IsBroken(_seen) ? End(BarrierOutcome.Broken) : GoTo(Stage.Raise);
    }

    private Progress EndAsTheRoundDid() => End(BarrierWord.HasPassed(_first, _seen) ? BarrierOutcome.Passed : BarrierOutcome.Broken);

    private Progress End(BarrierOutcome outcome)
    {
        Outcome = outcome;
        return Progress.Done;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
