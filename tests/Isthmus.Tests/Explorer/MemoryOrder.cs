namespace Isthmus.Tests.Explorer;

/// <summary>How memory behaves. What the seam promises holds in each: a load acquires, a store releases, all else is a full fence.</summary>
internal enum MemoryOrder
{
    /// <summary>All see all effects at once, in one order.</summary>
    Sequential,

    /// <summary>x86-64: a store waits in a buffer of its thread, which alone sees it, while the thread's later loads go ahead.</summary>
    StoreBuffers,

    /// <summary>
    /// No more than the seam promises: a load may be stale, and two observers may see the stores of others in different orders. arm64 is stronger
    /// (other threads see a store all at once), so that what holds here holds there.
    /// </summary>
    AcquireRelease,
}
