namespace Isthmus;

/// <summary>One wait for several sources; disposing it gives up all that have not happened.</summary>
internal sealed class WaitAnyRound : IDisposable
{
    private readonly IReadOnlyList<WaitSource> _sources;
    private int _begun;
    private int _winner = WaitAny.TimedOut;

    public WaitAnyRound(IReadOnlyList<WaitSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (sources.Count == 0 || sources.Distinct().Count() != sources.Count || sources.Contains(null!))
        {
            throw new ArgumentException("Name at least one source, and each once.", nameof(sources));
        }
        _sources = sources;
    }

    /// <summary>Released when it is worth looking again. Never disposed: a late event may still release it.</summary>
    public SemaphoreSlim Chances { get; } = new(0);

    /// <summary>Begins with all sources; the index of the first that has happened, or -1.</summary>
    public int Begin()
    {
        for (; _begun < _sources.Count; _begun++)
        {
            if (_sources[_begun].Begin(Chances))
            {
                return _winner = _begun;
            }
        }
        return WaitAny.TimedOut;
    }

    /// <summary>The index of the first source that has happened by now, or -1.</summary>
    public int TryFinish()
    {
        for (int index = 0; index < _begun; index++)
        {
            if (_sources[index].TryFinish())
            {
                return _winner = index;
            }
        }
        return WaitAny.TimedOut;
    }

    public void Dispose()
    {
        for (int index = 0; index < _begun; index++)
        {
            if (index != _winner)
            {
                _sources[index].GiveUp();
            }
        }
    }
}
