namespace Isthmus.Tests.Linearizability;

/// <summary>Acquires and releases permits of a semaphore; of an owner-tracked one, only what it has.</summary>
internal sealed class RecordedSemaphore(string name, bool ownerTracked) : RecordedObject
{
    /// <summary>How many permits there are at first.</summary>
    public const int Permits = 2;

    private readonly SharedSemaphore _semaphore =
        SharedSemaphore.OpenOrCreate(name, Permits, Permits, new() { OwnerTracked = ownerTracked });

    private int _held;

    public override (string Operation, long Argument, long Result) Act(Random random)
    {
        if (_held > 0 && random.Next(2) == 0)
        {
            return Finish()!.Value;
        }
        bool acquired = _held == 0 && random.Next(2) == 0
            ? _semaphore.TryAcquireAsync(TimeSpan.FromMilliseconds(100)).AsTask().GetAwaiter().GetResult()
            : _semaphore.TryAcquire();
        _held += acquired ? 1 : 0;
        return ("acquire", 0, acquired ? 1 : 0);
    }

    public override (string Operation, long Argument, long Result)? Finish()
    {
        if (_held == 0)
        {
            return null;
        }
        _held--;
        return ("release", 0, _semaphore.Release());
    }

    public override void Dispose() => _semaphore.Dispose();
}
