namespace Isthmus.Tests.Explorer;

/// <summary>Gives up the fences, if there are any.</summary>
internal struct FencesGivenUp(FenceFault fault) : IOperation
{
    private ulong _seen;
    private bool _hasLooked;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_hasLooked)
        {
            _hasLooked = true;
            _seen = memory.Load(FenceSubject.Fences);
            return FenceWord.IsNoneAsked(_seen) ? Progress.Done : Progress.Continues;
        }
        memory.CompareExchange(FenceSubject.Fences, ref _seen, fault == FenceFault.HasNoVersion ? 0 : FenceWord.GiveUp(_seen));
        return Progress.Done;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("This does not wait.");
}
