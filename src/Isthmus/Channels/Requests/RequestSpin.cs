namespace Isthmus;

/// <summary>
/// How long somebody looks at a word before it goes to sleep, without a pause between two looks: as long as a sleep costs, where that has paid of late;
/// else a moment only, and now and then as long again. Threads may meet in it: then it is not exact.
/// </summary>
internal struct RequestSpin
{
    // A look is about a nanosecond; to sleep and to be woken, some thousands.
    private const int Most = 8_000, Least = 300, Retry = 32;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private int _limit;
    private uint _failures;

    /// <summary>How many looks.</summary>
    public readonly int Limit => s_canSpin ? Most - _limit : 1;

    /// <summary>It has paid.</summary>
    public void Succeed()
    {
        if (_limit != 0)
        {
            _limit = 0;
        }
    }

    /// <summary>It has not.</summary>
    public void Fail() => _limit = ++_failures % Retry == 0 ? 0 : Math.Min(_limit + (Most / 8), Most - Least);
}
