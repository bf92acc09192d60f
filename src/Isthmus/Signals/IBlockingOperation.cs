namespace Isthmus;

/// <summary>
/// One system call that may block and that no descriptor stands for (a semaphore, a lock, a System V queue): a struct, so
/// that the drivers in <see cref="BlockingCall"/> specialise.
/// </summary>
internal interface IBlockingOperation<TResult>
{
    /// <summary>
    /// Makes the call: the plain one, which sleeps in the kernel, or with <paramref name="noWait"/> its form that returns
    /// <see cref="PollOutcome.WouldBlock"/> instead. Interrupted means that nothing was done. Any other error is thrown.
    /// </summary>
    PollOutcome Run(bool noWait, out TResult result);
}
