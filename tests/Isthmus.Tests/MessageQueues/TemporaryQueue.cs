namespace Isthmus.Tests.MessageQueues;

/// <summary>A System V queue without a key, removed in the end.</summary>
internal sealed class TemporaryQueue : IDisposable
{
    public SystemVMessageQueue Queue { get; } = SystemVMessageQueue.Create(SystemVKey.Private);

    public static SystemVKey NewKey() => new(Random.Shared.Next(1, int.MaxValue));

    public static void Remove(SystemVMessageQueue queue)
    {
        try
        {
            queue.Remove();
        }
        catch (PosixException error) when (error.Errno is Errno.EINVAL or Errno.EIDRM)
        {
            // The test has done it.
        }
    }

    /// <summary>Fills it until a message of 100 bytes does not fit.</summary>
    public void Fill()
    {
        Queue.Set(new() { MaxBytes = 1000 });
        while (Queue.TrySend(new byte[100]))
        {
        }
    }

    public void Dispose() => Remove(Queue);
}
