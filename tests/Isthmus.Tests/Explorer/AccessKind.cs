namespace Isthmus.Tests.Explorer;

/// <summary>Which effect.</summary>
internal enum AccessKind
{
    Load,
    Store,

    /// <summary>From 0.</summary>
    CompareExchange,

    /// <summary>A fence for all.</summary>
    SleeperFence,

    /// <summary>How many slots there are.</summary>
    Slots,
}
