namespace Isthmus.Examples;

internal static class SystemVSemaphoreSetExample
{
    public static async Task RunAsync()
    {
        // Two resources and a count of jobs. A key such as SystemVKey.FromFile(path) would let others find it without the id.
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(SystemVKey.Private, 3, new() { InitialValues = [1, 1, 0] });
        try
        {
            SystemVSemaphoreSet same = SystemVSemaphoreSet.Open(set.Id); // Usually another process.

            // Both or none, and given back by the kernel should this process die.
            set.Operate(SemaphoreOperation.Acquire(0, undo: SemaphoreUndo.AtExit), SemaphoreOperation.Acquire(1, undo: SemaphoreUndo.AtExit));
            Console.WriteLine($"both taken, one more: {same.TryAcquire(0)}");
            set.Operate(SemaphoreOperation.Release(0, undo: SemaphoreUndo.AtExit), SemaphoreOperation.Release(1, undo: SemaphoreUndo.AtExit));

            same.Release(2, units: 3);
            ValueTask done = set.WaitForZeroAsync(2);
            same.Acquire(2, units: 3);
            await done;
            Console.WriteLine($"all jobs done: {string.Join(", ", set.GetValues())}");
        }
        finally
        {
            set.Remove();
        }
    }
}

// Prints:
// both taken, one more: False
// all jobs done: 1, 1, 0
