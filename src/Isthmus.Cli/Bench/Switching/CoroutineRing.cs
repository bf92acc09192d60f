namespace Isthmus.Cli.Bench;

/// <summary>Coroutines (async methods) on the thread pool, which runs them on whatever CPU it has.</summary>
internal class CoroutineRing : TokenRing
{
    private const int End = -1;

    private readonly Baton[] _batons;

    public CoroutineRing(int count)
        : this(count, start: true)
    {
    }

    protected CoroutineRing(int count, bool start)
    {
        _batons = [.. Enumerable.Range(0, count).Select(_ => new Baton())];
        if (start)
        {
            StartAll();
        }
    }

    public override void Run(int laps) => Task.Run(() => LapsAsync(laps)).GetAwaiter().GetResult();

    public override void Dispose() => _batons[1].Hand(End);

    protected void StartAll()
    {
        for (int i = 1; i < _batons.Length; i++)
        {
            _ = PassOnAsync(i);
        }
    }

    protected async Task LapsAsync(int laps)
    {
        for (int lap = 0; lap < laps; lap++)
        {
            Baton mine = _batons[0];
            _batons[1].Hand(lap);
            await mine.WaitAsync();
        }
    }

    private async Task PassOnAsync(int index)
    {
        Baton mine = _batons[index];
        Baton next = _batons[(index + 1) % _batons.Length];
        int token;
        do
        {
            token = await mine.WaitAsync();
            next.Hand(token);
        }
        while (token != End);
    }
}
