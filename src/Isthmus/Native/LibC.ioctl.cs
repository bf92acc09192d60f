using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/ioctl.h
internal static partial class LibC
{
    public const nuint FIONREAD = 0x541B, TIOCSCTTY = 0x540E, TIOCGWINSZ = 0x5413, TIOCSWINSZ = 0x5414, TIOCNOTTY = 0x5422;

    [StructLayout(LayoutKind.Sequential)]
    public struct winsize
    {
        public ushort ws_row;
        public ushort ws_col;
        public ushort ws_xpixel;
        public ushort ws_ypixel;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int ioctl(SafeHandle fd, nuint request, void* argument);
}
