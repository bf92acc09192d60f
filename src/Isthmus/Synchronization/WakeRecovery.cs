namespace Isthmus;

/// <summary>
/// The recovery of what a death cannot leave half done: only a wake may be missing, because the dead participant was about to give one or was the
/// one that it was given to.
/// </summary>
/// <param name="word">Where one waits.</param>
internal readonly struct WakeRecovery(int word) : IOperation
{
    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        memory.Wake(word, Waiters.All, int.MaxValue);
        return Progress.Done;
    }

    public void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");
}
