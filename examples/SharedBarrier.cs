namespace Isthmus.Examples;

internal static class SharedBarrierExample
{
    public static async Task RunAsync()
    {
        using SharedBarrier mine = SharedBarrier.CreateUnnamed();
        // Usually another process, which opens a name, or was given the descriptor.
        SharedBarrier other = SharedBarrier.OpenUnnamed(mine.Share());
        using SharedBarrierMember one = mine.Join();
        SharedBarrierMember two = other.Join();

        Console.WriteLine($"alone: {one.TrySignalAndWait(TimeSpan.FromMilliseconds(1))}");

        ValueTask<BarrierOutcome> arrived = two.SignalAndWaitAsync();
        Console.WriteLine($"the last one: {one.SignalAndWait()}, the other: {await arrived}");

        // What the death of a member looks like.
        other.Dispose();
        Console.WriteLine($"after a death: {one.SignalAndWait()}");
        mine.Reset();
        Console.WriteLine($"after the reset, with {mine.GetStatus().MemberCount} member: {one.SignalAndWait()}");
    }
}

// Prints:
// alone: TimedOut
// the last one: Last, the other: Passed
// after a death: Broken
// after the reset, with 1 member: Last
