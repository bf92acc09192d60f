using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

[Collection(Alone.Name)]
public sealed class ManyWaitersTests
{
    [Fact]
    public async Task Ten_thousand_that_await_a_thousand_mutexes_take_no_thread_each_and_all_get_their_turn()
    {
        const int Mutexes = 1000, WaitersEach = 10;
        SharedMutex[] mutexes = [.. Enumerable.Range(0, Mutexes).Select(_ => SharedMutex.CreateUnnamed())];
        try
        {
            SharedMutexScope[] scopes = [.. mutexes.Select(mutex => mutex.Enter())];
            int threads = CountThreads();
            int[] turns = new int[Mutexes];
            Task[] waiters =
            [
                .. from index in Enumerable.Range(0, Mutexes)
                   from _ in Enumerable.Range(0, WaitersEach)
                   select TakeTurnAsync(index),
            ];
            Assert.DoesNotContain(waiters, waiter => waiter.IsCompleted);
            Assert.InRange(CountThreads(), 0, threads + 10);

            Array.ForEach(scopes, scope => scope.Dispose());
            await Task.WhenAll(waiters).OrHang();
            Assert.All(turns, turn => Assert.Equal(WaitersEach, turn));

            async Task TakeTurnAsync(int index)
            {
                using SharedMutexScope scope = await mutexes[index].EnterAsync();
                turns[index]++;
            }
        }
        finally
        {
            Array.ForEach(mutexes, mutex => mutex.Dispose());
        }
    }

    private static int CountThreads() => Directory.GetDirectories("/proc/self/task").Length;
}
