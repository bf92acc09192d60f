namespace Isthmus;

/// <summary>
/// Ends the round when all members of all slots have arrived. Whoever arrives or leaves tries this, and whoever is
/// woken: the last one may have died before it could.
/// </summary>
/// <remarks>
/// It looks at one slot after the other, which is good enough: a slot that is complete is changed by a member that
/// joins or takes its arrival back only, and both raise the version in the barrier's word, so that the compare-exchange
/// fails.
/// </remarks>
/// <param name="seen">The word, read before anything else; the barrier is not broken.</param>
internal struct BarrierCompletion(ulong seen) : IOperation
{
    private enum Stage
    {
        Scan,
        Pass,
        Wake,
    }

    private Stage _stage;
    private ulong _seen = seen;
    private int _slot;
    private bool _hasMembers;

    /// <summary>Whether it ended the round.</summary>
    public bool HasPassed { get; private set; }

    /// <summary>Whether the word has changed: it has to be judged again.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>The word as it was seen last.</summary>
    public readonly ulong Seen => _seen;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Scan:
                return Scan(ref memory);
            case Stage.Pass:
                return Pass(ref memory);
            default:
                memory.Wake(BarrierWord.Word, WaiterFlags.Of(_seen), int.MaxValue);
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Looking does not wait.");

    private Progress Scan<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_slot >= memory.Slots)
        {
            _stage = Stage.Pass;
            return _hasMembers ? Progress.Continues : Progress.Done;
        }
        ulong members = memory.Load(BarrierMembers.Word(_slot++));
        _hasMembers |= BarrierMembers.JoinedOf(members) > 0;
        return BarrierMembers.AreComplete(members, BarrierWord.RoundOf(_seen)) ? Progress.Continues : Progress.Done;
    }

    private Progress Pass<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!memory.CompareExchange(BarrierWord.Word, ref _seen, BarrierWord.Passed(_seen)))
        {
            HasChanged = true;
            return Progress.Done;
        }
        HasPassed = true;
        _stage = Stage.Wake;
        return WaiterFlags.Of(_seen) == Waiters.None ? Progress.Done : Progress.Continues;
    }
}
