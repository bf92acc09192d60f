using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Native;

// termios.h
internal static partial class LibC
{
    public const int TCSADRAIN = 1, VTIME = 5, VMIN = 6;
    public const uint ISIG = 1, ICANON = 2, ECHO = 8, IEXTEN = 0x8000, ICRNL = 0x100, IXON = 0x400;

    [StructLayout(LayoutKind.Sequential)]
    public struct termios
    {
        public uint c_iflag;
        public uint c_oflag;
        public uint c_cflag;
        public uint c_lflag;
        public byte c_line;
        public ControlCharacters c_cc;
        public uint c_ispeed;
        public uint c_ospeed;
    }

    [InlineArray(32)]
    public struct ControlCharacters
    {
        private byte _first;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int tcgetattr(SafeHandle fd, termios* mode);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int tcsetattr(SafeHandle fd, int actions, termios* mode);

    [LibraryImport(Libc)]
    public static unsafe partial void cfmakeraw(termios* mode);
}
