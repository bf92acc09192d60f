namespace Isthmus;

/// <summary>
/// Waits for a signal since a registration (<see cref="ConditionRegister"/>), outside the mutex.
/// </summary>
/// <remarks>
/// A signal is for those who registered before it, and wakes one thread. The kernel promises no order (a thread of real-time priority comes first),
/// so it may wake one that registered after the signal and before the wake. That one wakes the next and returns, as if signalled: each wake that
/// goes astray ends a wait, so that it reaches one whom it was meant for. Who gives up was not woken: <c>futex(2)</c> tells which of the two it
/// was. Of bells all are rung, and none goes astray.
/// </remarks>
/// <param name="sequence">Of the word before the registration.</param>
/// <param name="waiters">How it waits, as it was registered; <see cref="Waiters.None"/>: it does not.</param>
internal struct ConditionWait(uint sequence, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        WakeNext,
        GiveUp,
    }

    private Stage _stage;
    private int _spins;
    private bool _waited;

    // They stand in the order of their sequences.
    public static bool StandsForAll => true;

    /// <summary>Whether to look at what was waited for; false when it gave up.</summary>
    public bool Signalled { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_stage == Stage.WakeNext)
        {
            memory.Wake(ConditionWord.Word, Waiters.Sleepers, 1);
            Signalled = true;
            return Progress.Done;
        }
        ulong seen = memory.Load(ConditionWord.Word);
        Signalled = ConditionWord.SequenceOf(seen) != sequence;
        return Signalled || _stage == Stage.GiveUp ? Progress.Done : Decide(ref memory, seen);
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Decide<TMemory>(ref TMemory memory, ulong seen)
        where TMemory : struct, ISharedMemory
    {
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (_waited && waiters == Waiters.Sleepers)
        {
            _stage = Stage.WakeNext;
            return Progress.Continues;
        }
        if (!_waited && memory.Spin(ref _spins))
        {
            return Progress.Continues;
        }
        _waited = true;
        // The flag that the registration left is taken out with the next sequence only.
        return Progress.WaitsFor(ConditionWord.Word, seen);
    }
}
