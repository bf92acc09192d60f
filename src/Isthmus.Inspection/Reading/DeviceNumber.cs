namespace Isthmus.Inspection;

/// <summary>The device that an inode number counts in, as one number.</summary>
internal static class DeviceNumber
{
    public static ulong Of(uint major, uint minor) => ((ulong)major << 32) | minor;

    public static uint Major(ulong device) => (uint)(device >> 32);

    public static uint Minor(ulong device) => (uint)device;

    /// <summary>The kernel's own form inside 32 bits, which fdinfo prints (<c>sdev</c>): 12 bits and 20.</summary>
    public static ulong OfKernel(ulong packed) => Of((uint)(packed >> 20), (uint)(packed & 0xFFFFF));
}
