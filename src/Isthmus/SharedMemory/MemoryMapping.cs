using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>A range of addresses that shows memory which others see too; given back when it is disposed or forgotten.</summary>
internal abstract class MemoryMapping : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nint _lead;

    /// <param name="start">What the kernel returned.</param>
    /// <param name="lead">How many bytes before the first wanted one were mapped, because mappings begin at a page.</param>
    /// <param name="length">The wanted bytes.</param>
    protected MemoryMapping(nint start, nint lead, long length)
        : base(ownsHandle: true)
    {
        SetHandle(start);
        _lead = lead;
        Length = length;
    }

    /// <summary>The first wanted byte; valid until it is disposed.</summary>
    public nint Address => handle + _lead;

    /// <summary>The wanted bytes.</summary>
    public long Length { get; }
}
