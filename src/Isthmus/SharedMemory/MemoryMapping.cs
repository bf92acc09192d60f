using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>A shared mapping (<c>mmap(2)</c>) of a file's first bytes, unmapped when it is disposed or forgotten.</summary>
internal sealed class MemoryMapping : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly nuint _length;

    private MemoryMapping(nint address, nuint length)
        : base(ownsHandle: true)
    {
        SetHandle(address);
        _length = length;
    }

    /// <summary>Where it begins; valid until it is disposed.</summary>
    public nint Address => handle;

    public static MemoryMapping Map(SafeHandle file, long length, int protection)
    {
        nint address = LibC.Check(LibC.mmap(0, checked((nuint)length), protection, LibC.MAP_SHARED, file, 0));
        return new MemoryMapping(address, (nuint)length);
    }

    protected override bool ReleaseHandle() => LibC.munmap(handle, _length) == 0;
}
