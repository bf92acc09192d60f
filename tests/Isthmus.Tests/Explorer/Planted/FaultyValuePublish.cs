namespace Isthmus.Tests.Explorer;

/// <summary><see cref="ValuePublish{T}"/> with a bug.</summary>
internal struct FaultyValuePublish(ValueCopies<Pair> copies, Pair value, ValueFault fault) : IOperation
{
    private Pair _value = value;
    private ulong _seen;
    private int _step;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        int publish = fault == ValueFault.PublishesFirst ? 1 : 1 + ValueCopies<Pair>.Words;
        if (_step == 0)
        {
            _seen = memory.Load(ValueWord.Word);
        }
        else if (_step == publish)
        {
            if (!memory.CompareExchange(ValueWord.Word, ref _seen, ValueWord.Next(_seen)))
            {
                return Progress.Continues;
            }
        }
        else
        {
            int index = _step - (_step > publish ? 2 : 1);
            long version = ValueWord.VersionOf(_seen) + (fault == ValueFault.WritesWhatIsRead ? 2 : 1);
            memory.Store(copies.WordOf(version, index), ValueCopies<Pair>.Get(ref _value, index));
        }
        return ++_step == ValueCopies<Pair>.Words + 2 ? Progress.Done : Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Publishing does not wait.");
}
