namespace Isthmus.Tests.Explorer;

/// <summary>All that is explored.</summary>
internal static class Suites
{
    public static IReadOnlyList<Suite> All =>
    [
        MutexSubject.Suite,
        MutexSubject.FairSuite,
        ReaderWriterSubject.Suite,
        BarrierSubject.Suite,
        EventSubject.AutoSuite,
        EventSubject.ManualSuite,
        SemaphoreSubject.Suite,
        SemaphoreSubject.FairSuite,
        TrackedSemaphoreSubject.Suite,
        ConditionSubject.Suite,
        CountdownSubject.Suite,
        OnceSubject.Suite,
        ValueSubject.Suite,
        CounterSubject.Suite,
        FenceSubject.Suite,
        StreamSubject.Suite,
        QueueSubject.Suite,
        QueueSubject.ClaimingSuite,
        QueueSubject.AcknowledgingSuite,
        TopicSubject.Suite,
        TopicSubject.BlockingSuite,
        TopicSubject.PeersSuite,
        RequestSubject.Suite,
    ];
}
