namespace Isthmus.Tests.Explorer;

/// <summary>How memory behaves.</summary>
internal enum MemoryOrder
{
    /// <summary>All see all effects at once, in one order.</summary>
    Sequential,
}
