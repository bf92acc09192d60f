using Isthmus.Native;

namespace Isthmus;

/// <summary><c>sem_wait(3)</c> and <c>sem_trywait(3)</c>. The result means nothing.</summary>
internal readonly struct SemaphoreAcquire(SemaphoreAddress semaphore, string? name) : IBlockingOperation<bool>
{
    public PollOutcome Run(bool noWait, out bool result)
    {
        result = true;
        if ((noWait ? LibC.sem_trywait(semaphore) : LibC.sem_wait(semaphore)) == 0)
        {
            return PollOutcome.Done;
        }
        return Errno.Last switch
        {
            Errno.EAGAIN => PollOutcome.WouldBlock,
            Errno.EINTR => PollOutcome.Interrupted,
            Errno errno => throw PosixException.From(errno, noWait ? "sem_trywait" : "sem_wait", name),
        };
    }
}
