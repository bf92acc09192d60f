namespace Isthmus.Tests.Explorer;

/// <summary><see cref="StreamAwait"/> with a bug.</summary>
internal struct FaultyStreamAwait(StreamSide side, ulong blocked, Waiters waiters, StreamFault fault) : IOperation
{
    private enum Stage
    {
        Look,
        EarlyLookAtEnd,
        Mark,
        Fence,
        LookAgain,
        LookAtEnd,
        LastLook,
        GiveUp,
    }

    private Stage _stage;
    private ulong _word;
    private bool _isGone;

    public bool HasMoved { get; private set; }

    public bool IsOver { get; private set; }

    public ulong Position { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _stage = Stage.EarlyLookAtEnd;
                return Look(ref memory);
            case Stage.EarlyLookAtEnd:
                _isGone = StreamEndWord.IsGone(memory.Load(side.OtherEnd));
                _stage = Stage.Mark;
                return Progress.Continues;
            case Stage.Mark:
                if (memory.CompareExchange(side.Wait, ref _word, _word | (ulong)waiters))
                {
                    _word |= (ulong)waiters;
                    _stage = Stage.Fence;
                }
                return Progress.Continues;
            case Stage.Fence:
                memory.SleeperFence();
                _stage = fault == StreamFault.LooksNotAgain ? Stage.LookAtEnd : Stage.LookAgain;
                return Progress.Continues;
            case Stage.LookAgain:
                _stage = Stage.LookAtEnd;
                return Look(ref memory);
            case Stage.LookAtEnd:
                bool isGone = StreamEndWord.IsGone(memory.Load(side.OtherEnd));
                return Ended(fault == StreamFault.LooksForTheEndFirst ? _isGone : isGone);
            case Stage.LastLook:
                Look(ref memory);
                IsOver = !HasMoved;
                return Progress.Done;
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Ended(bool isGone)
    {
        if (isGone && fault == StreamFault.LooksNoLastTime)
        {
            IsOver = true;
            return Progress.Done;
        }
        if (isGone)
        {
            _stage = Stage.LastLook;
            return Progress.Continues;
        }
        _stage = Stage.Look;
        return Progress.WaitsFor(side.Wait, _word);
    }

    private Progress Look<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        Position = memory.Load(side.Other);
        HasMoved = Position != blocked;
        return HasMoved ? Progress.Done : Progress.Continues;
    }
}
