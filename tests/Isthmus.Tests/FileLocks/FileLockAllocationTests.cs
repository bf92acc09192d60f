using Isthmus.Tests.Harness;

namespace Isthmus.Tests.FileLocks;

/// <summary>Operations on locks allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class FileLockAllocationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(FileLockKind.Ofd)]
    [InlineData(FileLockKind.Posix)]
    [InlineData(FileLockKind.Flock)]
    public void Calls_that_need_not_wait_allocate_nothing(FileLockKind kind)
    {
        using FileLock held = FileLock.OpenOrCreate(_directory["file"], new() { Kind = kind });
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(1000)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                using (held.Enter())
                {
                    held.ChangeMode(FileLockMode.Shared);
                    held.TryChangeMode(FileLockMode.Exclusive);
                }
                held.TryAcquire();
                held.Release();
                held.TryAcquire(TimeSpan.FromSeconds(1));
                held.Release();
                ValueTask acquired = held.AcquireAsync();
                Assert.True(acquired.IsCompletedSuccessfully);
                held.Release();
                ValueTask<FileLockScope> entered = held.EnterAsync();
                Assert.True(entered.IsCompletedSuccessfully);
                entered.Result.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(FileLockKind.Ofd)]
    [InlineData(FileLockKind.Flock)]
    public void An_attempt_that_fails_allocates_nothing(FileLockKind kind)
    {
        using FileLock other = FileLock.OpenOrCreate(_directory["file"], new() { Kind = kind });
        using FileLock held = FileLock.OpenOrCreate(_directory["file"], new() { Kind = kind });
        other.Acquire();
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(1000)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                held.TryAcquire();
                held.TryAcquire(TimeSpan.Zero, FileLockMode.Shared);
            }
        }
    }
}
