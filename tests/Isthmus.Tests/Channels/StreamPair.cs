using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Channels;

/// <summary>Both ends of a stream in one process.</summary>
internal sealed class StreamPair : IDisposable
{
    public StreamPair(int capacity = SharedStream.CapacityMin)
    {
        First = SharedStream.CreateUnnamed(new() { CapacityBytes = capacity });
        using SafeFileHandle memory = First.Share();
        Second = SharedStream.OpenUnnamed(memory);
    }

    public SharedStream First { get; }

    public SharedStream Second { get; }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
