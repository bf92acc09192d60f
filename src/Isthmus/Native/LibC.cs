using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]

namespace Isthmus.Native;

/// <summary>
/// Calls into libc, named exactly as in its headers: a lower-case call is a call that leaves .NET.
/// One partial file per header, declarations only; policy lives in the callers. Constants whose value
/// depends on the architecture stand in <see cref="X64"/> and <see cref="Arm64"/>; a test asserts all of
/// them, and every struct, against the C headers. Variadic functions (open, fcntl, ioctl, prctl, syscall) are declared
/// with plain signatures, which is the calling convention on Linux x64 and arm64.
/// </summary>
internal static partial class LibC
{
    private const string Libc = "libc";

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Values that hold on x86-64 only.</summary>
    internal static partial class X64;

    /// <summary>Values that hold on arm64 only.</summary>
    internal static partial class Arm64;

    /// <summary>Throws the exception that fits <c>errno</c> when <paramref name="result"/> is negative.</summary>
    public static int Check(int result, string? name = null, [CallerArgumentExpression(nameof(result))] string call = "") =>
        result >= 0 ? result : throw PosixException.From(Errno.Last, call, name);

    /// <inheritdoc cref="Check(int, string?, string)"/>
    public static nint Check(nint result, string? name = null, [CallerArgumentExpression(nameof(result))] string call = "") =>
        result >= 0 ? result : throw PosixException.From(Errno.Last, call, name);

    /// <summary>Throws the exception that fits <c>errno</c> when <paramref name="handle"/> is invalid.</summary>
    public static THandle Check<THandle>(
        THandle handle, string? name = null, [CallerArgumentExpression(nameof(handle))] string call = "")
        where THandle : SafeHandle
    {
        if (!handle.IsInvalid)
        {
            return handle;
        }
        Errno errno = Errno.Last;
        handle.Dispose();
        throw PosixException.From(errno, call, name);
    }

    /// <summary>
    /// Throws when <paramref name="error"/> is not zero: for the calls that return the error number
    /// (<c>posix_spawn</c>, <c>pthread_*</c>) instead of setting <c>errno</c>.
    /// </summary>
    public static void CheckReturned(int error, string? name = null, [CallerArgumentExpression(nameof(error))] string call = "")
    {
        if (error != 0)
        {
            throw PosixException.From((Errno)error, call, name);
        }
    }
}
