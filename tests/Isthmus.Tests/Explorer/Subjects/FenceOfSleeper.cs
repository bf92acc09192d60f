namespace Isthmus.Tests.Explorer;

/// <summary>As <c>Segment.FenceAsSleeper</c>, asking for fences at once.</summary>
internal struct FenceOfSleeper(FenceFault fault) : IOperation
{
    private enum Stage
    {
        LookAtFences,
        Trust,
        FenceForAll,
        ChangeFences,
    }

    private Stage _stage;
    private ulong _fences;

    /// <summary>One that has looked at the fences before.</summary>
    public static FenceOfSleeper Seen(ulong fences, FenceFault fault) => new(fault) { _stage = Stage.Trust, _fences = fences };

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.LookAtFences:
                _fences = memory.Load(FenceSubject.Fences);
                return Trusts();
            case Stage.Trust:
                return Trusts();
            case Stage.FenceForAll:
                memory.SleeperFence();
                return GoOn(Stage.ChangeFences);
            default:
                ulong seen = _fences;
                memory.CompareExchange(FenceSubject.Fences, ref seen, Changed());
                return Progress.Done;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("A fence does not wait.");

    private Progress Trusts() =>
        FenceWord.IsInForce(_fences) || (fault == FenceFault.AskedIsEnough && FenceWord.IsAsked(_fences)) ? Progress.Done : GoOn(Stage.FenceForAll);

    private readonly ulong Changed() => FenceWord.IsAsked(_fences) ? FenceWord.Confirm(_fences)
        : FenceWord.Ask(fault == FenceFault.HasNoVersion ? ulong.MaxValue << 2 : _fences);

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
