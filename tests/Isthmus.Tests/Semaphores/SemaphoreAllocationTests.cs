using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Semaphores;

/// <summary>Operations on semaphores allocate nothing once they run.</summary>
[Collection(Alone.Name)]
public sealed class SemaphoreAllocationTests
{
    private const int Rounds = 1000;

    [Fact]
    public void Calls_on_a_PosixSemaphore_allocate_nothing()
    {
        using SemaphoreName name = new();
        using PosixSemaphore semaphore = PosixSemaphore.Create(name, 0);
        Run(100);
        // A lock of the runtime or the library that is contended for the first time allocates once: not in each batch.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(Rounds);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                semaphore.Release();
                semaphore.Acquire();
                semaphore.Release();
                Assert.True(semaphore.TryAcquire());
                Assert.False(semaphore.TryAcquire());
                Assert.False(semaphore.TryAcquire(TimeSpan.FromMicroseconds(100)));
                semaphore.Release();
                Assert.True(semaphore.AcquireAsync().AsTask().IsCompletedSuccessfully);
                Assert.True(semaphore.Value == 0);
            }
        }
    }

    [Fact]
    public void Calls_on_a_SystemVSemaphoreSet_allocate_nothing()
    {
        using TemporarySemaphoreSet temporary = new(0, 1);
        SystemVSemaphoreSet set = temporary.Set;
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(Rounds)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                set.Release(0, 1, SemaphoreUndo.AtExit);
                set.Acquire(0, 1, SemaphoreUndo.AtExit);
                Assert.False(set.TryAcquire(0));
                Assert.False(set.TryAcquire(TimeSpan.FromMicroseconds(10), 0));
                set.WaitForZero(0);
                Assert.True(set.AcquireAsync(1).AsTask().IsCompletedSuccessfully);
                set.Operate(SemaphoreOperation.WaitForZero(0), SemaphoreOperation.Release(1));
                Assert.True(set.GetValue(1) == 1);
            }
        }
    }
}
