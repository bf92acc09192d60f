namespace Isthmus.Tests.Explorer;

/// <summary><see cref="StreamRecovery"/> with a bug.</summary>
internal struct FaultyStreamRecovery(int slot, bool proven, StreamFault fault) : IOperation
{
    private enum Stage
    {
        Look,
        Prove,
        Repair,
        LookAtWait,
        Raise,
        Wake,
        Next,
        WakeOpener,
    }

    private Stage _stage;
    private int _end;
    private int _words;
    private ulong _seen;

    private readonly int Word => _words == 0 ? StreamWord.ReaderWait(_end) : StreamWord.WriterWait(1 - _end);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(StreamWord.End(_end));
                bool isOthers = fault != StreamFault.LeavesItToOthers && StreamEndWord.IsGone(_seen);
                return GoOn(StreamEndWord.IsOpenAt(_seen, slot) ? proven ? Stage.Repair : Stage.Prove : isOthers ? Stage.LookAtWait : Stage.Next);
            case Stage.Prove:
                return GoOn(memory.IsDead(slot) ? Stage.Repair : Stage.Next);
            case Stage.Repair:
                ulong died = StreamEndWord.Gone(WaiterFlags.Without(_seen), SharedStreamEnd.Died);
                return GoOn(memory.CompareExchange(StreamWord.End(_end), ref _seen, died) ? Stage.LookAtWait : Stage.Look);
            case Stage.LookAtWait:
                _seen = memory.Load(Word);
                return GoOn(WaiterFlags.Of(_seen) == 0 ? Stage.Wake : Stage.Raise);
            case Stage.Raise:
                bool raised = fault == StreamFault.RaisesNothing || memory.CompareExchange(Word, ref _seen, StreamWaitWord.Raised(_seen));
                return GoOn(raised ? Stage.Wake : Stage.LookAtWait);
            case Stage.Wake:
                memory.Wake(Word, fault == StreamFault.WakesTheFlaggedOnly ? WaiterFlags.Of(_seen) : Waiters.All, int.MaxValue);
                return GoOn(++_words < 2 ? Stage.LookAtWait : Stage.Next);
            case Stage.Next:
                _words = 0;
                return GoOn(++_end < StreamWord.Ends ? Stage.Look : Stage.WakeOpener);
            default:
                memory.Wake(StreamWord.End(1), Waiters.All, int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
