namespace Isthmus.Tests.Explorer;

/// <summary>
/// Waits until a word (its flags aside) is large enough, and says falsely that who has to wait stands for all: others
/// may want less.
/// </summary>
internal struct AtLeast(int word, ulong least, Waiters waiters) : IOperation
{
    private ulong _seen;
    private bool _mustMark;

    public static bool StandsForAll => true;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (!_mustMark)
        {
            _seen = memory.Load(word);
        }
        ulong marked = _seen | (ulong)waiters;
        if (_mustMark && memory.CompareExchange(word, ref _seen, marked))
        {
            _mustMark = false;
            return Progress.WaitsFor(word, marked);
        }
        _mustMark = (_seen & ~(ulong)Waiters.All) < least;
        return _mustMark ? Progress.Continues : Progress.Done;
    }

    public readonly void Withdraw()
    {
    }
}
