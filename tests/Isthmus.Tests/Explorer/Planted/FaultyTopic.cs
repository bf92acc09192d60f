namespace Isthmus.Tests.Explorer;

/// <summary>An operation on a topic that has a fault.</summary>
internal struct FaultyTopic<TOperation>(TOperation operation, TopicFault fault, TopicLayout layout) : IOperation
    where TOperation : unmanaged, IOperation
{
    private TOperation _operation = operation;

    public static bool StandsForAll => TOperation.StandsForAll;

    public readonly TOperation Operation => _operation;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        FaultyTopicMemory<TMemory> faulty = new(memory, fault, layout, typeof(TOperation) == typeof(TopicRecovery));
        return _operation.Step(ref faulty);
    }

    public void Withdraw() => _operation.Withdraw();
}
