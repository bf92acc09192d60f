namespace Isthmus.Tests.Semaphores;

/// <summary>A System V semaphore set, removed in the end.</summary>
internal sealed class TemporarySemaphoreSet : IDisposable
{
    public TemporarySemaphoreSet(params int[] values)
    {
        Key = new(Random.Shared.Next(1, int.MaxValue));
        Set = SystemVSemaphoreSet.Create(Key, values.Length, new() { InitialValues = values });
    }

    public SystemVKey Key { get; }

    public SystemVSemaphoreSet Set { get; }

    public static void Remove(SystemVKey key)
    {
        try
        {
            SystemVSemaphoreSet.Open(key, new() { AnyOwner = true, AcceptUninitialized = true }).Remove();
        }
        catch (FileNotFoundException)
        {
            // The test has done it, or made none.
        }
    }

    public void Dispose() => Remove(Key);
}
