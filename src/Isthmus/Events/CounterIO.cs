using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>Reads the 8-byte number that <c>eventfd(2)</c> and <c>timerfd_create(2)</c> descriptors hold.</summary>
internal readonly struct CounterRead : IPollOperation<ulong>
{
    public Readiness Readiness => Readiness.Readable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out ulong result)
    {
        ulong value = 0;
        PollOutcome outcome = DescriptorIO.Read(handle, MemoryMarshal.AsBytes(new Span<ulong>(ref value)), noWait, out int count);
        result = value;
        return outcome != PollOutcome.Done || count == sizeof(ulong)
            ? outcome
            : throw new InvalidOperationException($"The descriptor is no counter: a read gave {count} bytes, not {sizeof(ulong)}.");
    }
}

/// <summary>Adds a number to an eventfd.</summary>
internal readonly struct CounterWrite(ulong value) : IPollOperation<int>
{
    public Readiness Readiness => Readiness.Writable;

    public PollOutcome Run(SafeHandle handle, bool noWait, out int result)
    {
        ulong added = value;
        return DescriptorIO.Write(handle, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(ref added)), noWait, out result);
    }
}
