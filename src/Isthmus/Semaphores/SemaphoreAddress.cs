using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Where libc's <c>sem_t</c> stands: a place in a mapping, which is kept while this lives.</summary>
internal sealed class SemaphoreAddress : SafeHandle
{
    private readonly MemoryMapping _mapping;

    private SemaphoreAddress(MemoryMapping mapping)
        : base(0, ownsHandle: true) => _mapping = mapping;

    public override bool IsInvalid => handle == 0;

    /// <summary>Valid for a <see cref="ShortUse"/>; other calls take the handle.</summary>
    public nint Address => handle;

    /// <param name="memory">Shared, and mapped for writing.</param>
    /// <param name="offset">Where in it, aligned.</param>
    public static SemaphoreAddress In(MappedMemory memory, long offset)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory is FileBackedMemory { Access: MemoryAccess.CopyOnWrite })
        {
            throw new ArgumentException("Memory that is mapped copy-on-write is not shared.", nameof(memory));
        }
        _ = memory.AsSpan<LibC.sem_t>(offset, 1);
        return In(memory.Mapping, offset);
    }

    /// <summary>The mapping may be disposed afterwards: it is unmapped when the last semaphore in it is disposed too.</summary>
    public static SemaphoreAddress In(MemoryMapping mapping, long offset)
    {
        SemaphoreAddress address = new(mapping);
        bool held = false;
        mapping.DangerousAddRef(ref held);
        address.SetHandle(mapping.Address + (nint)offset);
        return address;
    }

    protected override bool ReleaseHandle()
    {
        ShortUse.WaitForEnd(handle);
        _mapping.DangerousRelease();
        return true;
    }
}
