using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

/// <summary>The reader-writer lock and the barrier allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class ReaderWriterAndBarrierAllocationTests : IDisposable
{
    private const int Rounds = 1000;

    private readonly SharedReaderWriterLock _lock = SharedReaderWriterLock.CreateUnnamed();
    private readonly SharedBarrier _barrier = SharedBarrier.CreateUnnamed();
    private readonly SharedBarrierMember _one;
    private readonly SharedBarrierMember _two;

    public ReaderWriterAndBarrierAllocationTests() => (_one, _two) = (_barrier.Join(), _barrier.Join());

    public void Dispose()
    {
        _barrier.Dispose();
        _lock.Dispose();
    }

    [Fact]
    public void Sync_calls_allocate_nothing()
    {
        RunSync(100);
        Assert.Equal(0, Allocated.ByThisThread(() => RunSync(Rounds)));
    }

    [Fact]
    public async Task Awaited_calls_that_complete_at_once_allocate_nothing() => Assert.Equal(0, await Allocated.PerRoundAsync(RunAsync));

    private void RunSync(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            using (_lock.EnterRead())
            {
                _lock.EnterRead().Dispose();
                _lock.TryEnterWrite(out _);
                _lock.TryEnterWrite(TimeSpan.FromTicks(1), out _);
            }
            SharedReaderWriterScope scope = _lock.EnterUpgradeableRead();
            scope.Upgrade();
            scope.Downgrade();
            scope.TryUpgrade();
            scope.DowngradeToRead();
            scope.Dispose();
            using (_lock.EnterWrite())
            {
                _lock.TryEnterRead(TimeSpan.FromTicks(1), out _);
            }
            _one.TrySignalAndWait();
            _one.TrySignalAndWait(TimeSpan.FromTicks(1));
        }
    }

    private async Task RunAsync(int rounds)
    {
        _two.Dispose();
        for (int round = 0; round < rounds; round++)
        {
            (await _lock.EnterReadAsync()).Dispose();
            (await _lock.EnterWriteAsync()).Dispose();
            SharedReaderWriterScope scope = await _lock.EnterUpgradeableReadAsync();
            await scope.UpgradeAsync();
            scope.Dispose();
            await _one.SignalAndWaitAsync();
        }
    }
}
