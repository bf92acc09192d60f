using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>What the kernel says of a descriptor that is no file: <c>anon_inode:[eventfd]</c>, say (<c>proc_pid_fd(5)</c>).</summary>
internal static class AnonymousInode
{
    /// <exception cref="ArgumentException">The descriptor is of another kind, or /proc is not there to tell.</exception>
    public static void ThrowIfNot(
        string kind, SafeFileHandle handle, [CallerArgumentExpression(nameof(handle))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(handle, name);
        string? found = LinkOf(handle);
        if (found != $"anon_inode:[{kind}]")
        {
            throw new ArgumentException($"The descriptor is no {kind}: /proc/self/fd tells '{found}'.", name);
        }
    }

    private static string? LinkOf(SafeFileHandle handle)
    {
        bool referenced = false;
        try
        {
            handle.DangerousAddRef(ref referenced);
            return new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}")).LinkTarget;
        }
        finally
        {
            if (referenced)
            {
                handle.DangerousRelease();
            }
        }
    }
}
