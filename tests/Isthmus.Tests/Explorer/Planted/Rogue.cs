namespace Isthmus.Tests.Explorer;

/// <summary>An operation that does what none may do.</summary>
internal struct Rogue(RogueDeed deed) : IOperation
{
    private bool _isWithdrawn;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (deed)
        {
            case RogueDeed.Throws:
                throw new InvalidOperationException("rogue");
            case RogueDeed.TouchesTwice:
                memory.Store(0, memory.Load(0) + 1);
                return Progress.Done;
            case RogueDeed.TouchesWhatIsNotThere:
                memory.Load(int.MaxValue);
                return Progress.Done;
            case RogueDeed.AsksForNobody:
                memory.IsDead(-1);
                return Progress.Done;
            case RogueDeed.RunsForEver:
                memory.Load(0);
                return Progress.Continues;
            default:
                return _isWithdrawn && deed == RogueDeed.Waits ? Progress.Done : Progress.WaitsFor(0, memory.Load(0));
        }
    }

    public void Withdraw() => _isWithdrawn = true;
}
