namespace Isthmus;

/// <summary>
/// Tells the other end of a stream, wherever it sleeps, that an end is gone: as a reader of what this end wrote, and as a writer of what it read. It
/// wakes without a flag too: who took the flag may have died before it woke anybody.
/// </summary>
/// <param name="end">Which end is gone.</param>
internal struct StreamTell(int end) : IOperation
{
    private enum Stage
    {
        Look,
        TakeFlags,
        Wake,
    }

    private Stage _stage;
    private bool _isSecond;
    private ulong _word;

    private readonly int Word => _isSecond ? StreamWord.WriterWait(1 - end) : StreamWord.ReaderWait(end);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _word = memory.Load(Word);
                return Decide();
            case Stage.TakeFlags:
                return memory.CompareExchange(Word, ref _word, StreamWaitWord.Raised(_word)) ? GoOn(Stage.Wake) : Decide();
            default:
                memory.Wake(Word, Waiters.All, int.MaxValue);
                if (_isSecond)
                {
                    return Progress.Done;
                }
                _isSecond = true;
                return GoOn(Stage.Look);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Telling does not wait.");

    private Progress Decide() => GoOn(WaiterFlags.Of(_word) == Waiters.None ? Stage.Wake : Stage.TakeFlags);

    private Progress GoOn(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
