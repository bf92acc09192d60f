namespace Isthmus;

/// <summary>Enters a mutex, or waits until it can.</summary>
/// <param name="slot">Who.</param>
/// <param name="waiters">How it waits; <see cref="Waiters.None"/>: it does not.</param>
internal struct MutexEnter(int slot, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Take,
        Mark,
        Pass,
    }

    private Stage _stage;
    private ulong _seen;
    private int _spins;
    private bool _waited;

    public static bool StandsForAll => true;

    /// <summary>What it came to.</summary>
    public MutexEntry Outcome { get; private set; }

    /// <summary>The word as it was made by the entry: what <see cref="MutexExit"/> needs.</summary>
    public ulong Owned { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(MutexWord.Word);
                return Decide(ref memory);
            case Stage.Take:
                return Take(ref memory);
            case Stage.Mark:
                return Mark(ref memory);
            default:
                // The wake may have been meant for us, and its sender has taken the flag of all who sleep out of the word.
                memory.Wake(MutexWord.Word, Waiters.All, 1);
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.Pass;

    private Progress Decide<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if ((_seen & MutexWord.Unusable) != 0)
        {
            Outcome = MutexEntry.Unusable;
            return Progress.Done;
        }
        if (MutexWord.IsFree(_seen))
        {
            _stage = Stage.Take;
            return Progress.Continues;
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        _stage = !_waited && memory.Spin(ref _spins) ? Stage.Look : Stage.Mark;
        return Progress.Continues;
    }

    private Progress Take<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // Who has slept leaves the flag for the others that may sleep still.
        ulong entered = MutexWord.Entered(_seen, slot, _waited ? waiters : Waiters.None);
        if (!memory.CompareExchange(MutexWord.Word, ref _seen, entered))
        {
            return Decide(ref memory);
        }
        Owned = entered;
        Outcome = (entered & MutexWord.Abandoned) != 0 ? MutexEntry.Abandoned : MutexEntry.Entered;
        return Progress.Done;
    }

    private Progress Mark<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong marked = _seen | (ulong)waiters;
        if (marked != _seen && !memory.CompareExchange(MutexWord.Word, ref _seen, marked))
        {
            return Decide(ref memory);
        }
        _waited = true;
        _stage = Stage.Look;
        return Progress.WaitsFor(MutexWord.Word, marked);
    }
}
