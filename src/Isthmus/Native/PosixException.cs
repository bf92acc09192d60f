using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// A system call failed for a reason that the caller cannot rule out in advance. Errors that the BCL has an
/// exception for are thrown as that exception (<c>ENOENT</c> as <see cref="FileNotFoundException"/>, <c>EACCES</c> and
/// <c>EPERM</c> as <see cref="UnauthorizedAccessException"/>, …) with the <see cref="PosixException"/> as
/// <see cref="Exception.InnerException"/>.
/// </summary>
public sealed class PosixException : IOException
{
    private PosixException(Errno errno, string call, string? name, string message)
        : base(message, (int)errno)
    {
        Errno = errno;
        Call = call;
        ObjectName = name;
    }

    /// <summary>The error number that the call reported; <see cref="Exception.HResult"/> has it too.</summary>
    public Errno Errno { get; }

    /// <summary>The call that failed, as C names it, for example <c>mkfifo</c>.</summary>
    public string Call { get; }

    /// <summary>The path or name that the call was about, where there is one.</summary>
    public string? ObjectName { get; }

    /// <summary>Makes the exception for <paramref name="errno"/>; the one place that maps errors to exception types.</summary>
    /// <param name="errno">What the call reported.</param>
    /// <param name="call">The call, as an expression (<c>LibC.open(path, flags)</c>) or as a bare name.</param>
    /// <param name="name">The path or name it was about.</param>
    /// <param name="hint">What the user can do about it.</param>
    internal static Exception From(Errno errno, string call, string? name = null, string? hint = null)
    {
        PosixException posix = Create(errno, call, name, hint);
        return errno switch
        {
            Errno.ENOENT => new FileNotFoundException(posix.Message, name, posix),
            Errno.ENOTDIR => new DirectoryNotFoundException(posix.Message, posix),
            Errno.ENAMETOOLONG => new PathTooLongException(posix.Message, posix),
            Errno.EACCES or Errno.EPERM => new UnauthorizedAccessException(posix.Message, posix),
            Errno.ENOSYS => new PlatformNotSupportedException(posix.Message, posix),
            _ => posix,
        };
    }

    private static PosixException Create(Errno errno, string call, string? name, string? hint)
    {
        string function = FunctionName(call);
        string text = $"{function}: {Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})";
        text += name is null ? "" : $" '{name}'";
        text += hint is null ? "" : $". {hint}";
        return new PosixException(errno, function, name, text);
    }

    // "LibC.open(path, …)" is what CallerArgumentExpression gives; people want "open".
    private static string FunctionName(string call)
    {
        int end = call.IndexOf('(', StringComparison.Ordinal);
        string function = end < 0 ? call : call[..end];
        return function[(function.LastIndexOf('.') + 1)..].Trim();
    }
}
