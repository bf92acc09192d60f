namespace Isthmus;

/// <summary>What a <see cref="BlockingThread"/> does next.</summary>
internal interface IBlockingWork
{
    /// <summary>Runs on the thread, which <paramref name="alarm"/> interrupts. Never throws.</summary>
    void Run(ThreadAlarm alarm);
}
