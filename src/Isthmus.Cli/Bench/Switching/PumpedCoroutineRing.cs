namespace Isthmus.Cli.Bench;

/// <summary>Coroutines on one CPU: one thread runs them all, one after the other, from a queue of its own.</summary>
internal sealed class PumpedCoroutineRing : CoroutineRing
{
    private readonly Pump _pump = new();

    public PumpedCoroutineRing(int count)
        : base(count, start: false)
    {
        _pump.Run(() =>
        {
            StartAll();
            return Task.CompletedTask;
        });
    }

    public override void Run(int laps)
    {
        Placement.Pin(Placement.First);
        _pump.Run(() => LapsAsync(laps));
        Placement.Pin(Placement.Anywhere);
    }

    public override void Dispose()
    {
        base.Dispose();
        _pump.Run(() => Task.CompletedTask);
    }

    /// <summary>Where awaits come back to: a queue without locks, because only the thread that runs it adds to it.</summary>
    private sealed class Pump : SynchronizationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = [];

        public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

        public void Run(Func<Task> start)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                Task task = start();
                while (_queue.TryDequeue(out (SendOrPostCallback Callback, object? State) next))
                {
                    next.Callback(next.State);
                }
                task.GetAwaiter().GetResult();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }
}
