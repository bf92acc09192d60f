using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/un.h
internal static partial class LibC
{
    [StructLayout(LayoutKind.Sequential)]
    public struct sockaddr_un
    {
        public ushort sun_family;
        public SunPath sun_path;
    }

    [InlineArray(108)]
    public struct SunPath
    {
        private byte _first;
    }
}
