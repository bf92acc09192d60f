using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>What the handlers in <see cref="HandlerCode"/> know of one signal. They read and write it by these offsets.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct HandlerEntry
{
    public const int Size = 1 << SizeShift, SizeShift = 5;
    public const int DescriptorOffset = 0, ActiveOffset = 4, DroppedOffset = 8, NextOffset = 16, HandledOffset = 24;

    /// <summary>Where the information is written to; -1 while nobody wants it.</summary>
    [FieldOffset(DescriptorOffset)]
    public int Descriptor;

    /// <summary>How many threads are between reading <see cref="Descriptor"/> and having written to it.</summary>
    [FieldOffset(ActiveOffset)]
    public int Active;

    /// <summary>How many signals could not be passed on.</summary>
    [FieldOffset(DroppedOffset)]
    public long Dropped;

    /// <summary>The handler that stood here before and runs afterwards; 0 for none.</summary>
    [FieldOffset(NextOffset)]
    public nint Next;

    /// <summary>How many signals have come.</summary>
    [FieldOffset(HandledOffset)]
    public long Handled;
}
