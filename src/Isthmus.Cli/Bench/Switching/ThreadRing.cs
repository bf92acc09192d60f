namespace Isthmus.Cli.Bench;

/// <summary>
/// Threads that block in the kernel, each on an eventfd of its own: the same kind of wait as between processes, so that the two
/// can be compared. The calling thread is one of them.
/// </summary>
internal sealed class ThreadRing : TokenRing
{
    private const ulong Token = 1;
    private const ulong End = 2;
    private const int StackBytes = 128 << 10;

    private readonly EventFd[] _events;
    private readonly List<Thread> _threads = [];
    private readonly bool _oneCpu;

    public ThreadRing(int count, bool oneCpu)
    {
        _oneCpu = oneCpu;
        _events = [.. Enumerable.Range(0, count).Select(_ => EventFd.Create())];
        for (int i = 1; i < count; i++)
        {
            int index = i;
            Thread thread = new(() => PassOn(index), StackBytes) { IsBackground = true, Name = "bench-ring" };
            thread.Start();
            _threads.Add(thread);
        }
    }

    public override void Run(int laps)
    {
        Placement.Pin(CpuOf(0, _oneCpu));
        for (int lap = 0; lap < laps; lap++)
        {
            Next(0).Write(Token);
            _events[0].Read();
        }
        Placement.Pin(Placement.Anywhere);
    }

    public override void Dispose()
    {
        Next(0).Write(End);
        _threads.ForEach(thread => thread.Join());
        Array.ForEach(_events, each => each.Dispose());
    }

    private EventFd Next(int index) => _events[(index + 1) % _events.Length];

    private void PassOn(int index)
    {
        Placement.Pin(CpuOf(index, _oneCpu));
        ulong token;
        do
        {
            token = _events[index].Read();
            Next(index).Write(token);
        }
        while (token != End);
    }
}
