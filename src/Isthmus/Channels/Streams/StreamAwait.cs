namespace Isthmus;

/// <summary>
/// Waits until the other side has moved its position: until there is something to read, or room to write. Nothing is taken by that: who gives up, or
/// is killed, has changed nothing but a flag.
/// </summary>
/// <remarks>
/// The other side publishes with a plain store and then looks for a flag. So who wants to sleep sets the flag, pays for the fence of both
/// (<see cref="ISharedMemory.SleeperFence"/>), and looks once more. That the other end is gone is looked for after that: its position is final then,
/// and is looked at a last time.
/// </remarks>
/// <param name="side">Whose wait it is.</param>
/// <param name="blocked">The other side's position (the whole word) with which there is reason to wait.</param>
/// <param name="wanted">Of a writer: the other side's position that it waits for, at least.</param>
/// <param name="waiters">How; <see cref="Waiters.None"/>: not at all.</param>
internal struct StreamAwait(StreamSide side, ulong blocked, ulong wanted, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Look,
        Want,
        LookAtFlags,
        Mark,
        Fence,
        LookAgain,
        LookAtEnd,
        LastLook,
        GiveUp,
    }

    private Stage _stage;
    private ulong _seen;
    private ulong _word;
    private int _spins;
    private bool _waited;

    /// <summary>Whether the other side's position is another one.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>Whether the other end is gone, and its position will not move any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The other side's position, as seen last.</summary>
    public readonly ulong Position => _seen;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                return Look(ref memory, waiters == Waiters.None ? Stage.LookAtEnd : Stage.Want);
            case Stage.Want:
                return Want(ref memory);
            case Stage.LookAtFlags:
                _word = memory.Load(side.Wait);
                return Decide();
            case Stage.Mark:
                return memory.CompareExchange(side.Wait, ref _word, _word | (ulong)waiters) ? Marked() : Decide();
            case Stage.Fence:
                memory.SleeperFence();
                return GoOn(Stage.LookAgain);
            case Stage.LookAgain:
                return Look(ref memory, Stage.LookAtEnd);
            case Stage.LookAtEnd:
                return LookAtEnd(ref memory);
            case Stage.LastLook:
                _seen = memory.Load(side.Other);
                HasMoved = _seen != blocked;
                IsOver = !HasMoved;
                return Progress.Done;
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Look<TMemory>(ref TMemory memory, Stage otherwise)
        where TMemory : struct, ISharedMemory
    {
        _seen = memory.Load(side.Other);
        if (_seen != blocked && IsEnough)
        {
            HasMoved = true;
            return Progress.Done;
        }
        bool looksMore = otherwise == Stage.Want && !_waited && memory.Spin(ref _spins);
        return GoOn(looksMore ? Stage.Look : otherwise);
    }

    private readonly bool IsEnough => side.Want == StreamSide.Nothing || StreamWord.IsAtLeast(_seen, wanted);

    // Before the flag: whoever sees the flag sees what it is for, or its store is seen after the fence.
    private Progress Want<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (side.Want != StreamSide.Nothing && !_waited)
        {
            memory.Store(side.Want, wanted);
        }
        return GoOn(Stage.LookAtFlags);
    }

    private Progress Decide() => (_word & (ulong)waiters) == (ulong)waiters ? Marked() : GoOn(Stage.Mark);

    private Progress Marked()
    {
        _word |= (ulong)waiters;
        return GoOn(Stage.Fence);
    }

    private Progress LookAtEnd<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (StreamEndWord.IsGone(memory.Load(side.OtherEnd)))
        {
            return GoOn(Stage.LastLook);
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        _waited = true;
        _stage = Stage.Look;
        return Progress.WaitsFor(side.Wait, _word);
    }

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
