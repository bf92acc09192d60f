namespace Isthmus.Inspection;

/// <summary>
/// Who could end a thread's wait. One holder of one target is enough, but a lock is free only when all its holders have let go.
/// </summary>
internal sealed record Obstacle(WaitTarget? Target, IReadOnlyList<WaitHolder> Holders, bool NeedsAll)
{
    /// <summary>Someone who is no process of the snapshot may end the wait: time, the network, whoever connects or sends.</summary>
    public bool IsOpen { get; init; }
}
