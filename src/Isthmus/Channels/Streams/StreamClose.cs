namespace Isthmus;

/// <summary>Gives an end of a stream back, and tells the other end.</summary>
/// <param name="end">Which.</param>
internal struct StreamClose(int end) : IOperation
{
    private enum Stage
    {
        Look,
        Close,
        Tell,
    }

    private Stage _stage;
    private ulong _seen;
    private StreamTell _tell = new(end);

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Look:
                _seen = memory.Load(StreamWord.End(end));
                _stage = Stage.Close;
                return Progress.Continues;
            case Stage.Close:
                if (StreamEndWord.IsGone(_seen) || memory.CompareExchange(StreamWord.End(end), ref _seen, StreamEndWord.Gone(_seen, SharedStreamEnd.Closed)))
                {
                    _stage = Stage.Tell;
                }
                return Progress.Continues;
            default:
                return _tell.Step(ref memory);
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Closing does not wait.");
}
