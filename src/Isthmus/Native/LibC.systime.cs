using System.Runtime.InteropServices;

namespace Isthmus.Native;

// sys/time.h
internal static partial class LibC
{
    public const int ITIMER_REAL = 0, ITIMER_VIRTUAL = 1, ITIMER_PROF = 2;

    [StructLayout(LayoutKind.Sequential)]
    public struct itimerval
    {
        public timeval it_interval;
        public timeval it_value;
    }

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int getitimer(int which, itimerval* value);

    [LibraryImport(Libc, SetLastError = true)]
    public static unsafe partial int setitimer(int which, itimerval* value, itimerval* old);
}
