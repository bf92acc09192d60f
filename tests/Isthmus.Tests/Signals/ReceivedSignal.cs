using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

/// <summary>For signals that the test knows to be on their way: one that is lost fails it instead of blocking it for ever.</summary>
internal static class ReceivedSignal
{
    public static SignalInfo ReceiveInTime(this SignalStream stream)
    {
        Assert.True(stream.TryReceive(Child.Limit, out SignalInfo signal), "The signal did not come.");
        return signal;
    }
}
