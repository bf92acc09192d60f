namespace Isthmus;

/// <summary>What may arrive in a queue as one of several things to wait for.</summary>
internal static class QueueWait
{
    public static WaitSource Of(QueueCore core, bool tellsAlone) => new SharedWaitSource<QueueArrival, bool>(
        core.Segment,
        () => new QueueArrival(core.Shape, tellsAlone, Waiters.Bells),
        static (QueueArrival arrival, out bool isThere) => isThere = arrival.HasArrived || arrival.IsClosed || arrival.IsAlone,
        static _ => { });
}
