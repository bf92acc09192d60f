using System.Diagnostics.CodeAnalysis;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Replaces the program that this process runs by another one (<c>execve(2)</c>): the same process goes on, with the
/// same number, parent, working directory and standard streams, and nothing of this program is left.
/// </summary>
/// <remarks>
/// <para>
/// What stays: number, parent, children (also unreaped ones), process group and session, user and groups, working
/// directory, umask, limits, nice value, scheduling and CPUs of the calling thread, the terminal and its modes, being a
/// subreaper. What goes: all memory and mappings, all other threads, all descriptors that are close-on-exec, which are
/// all that .NET and this library open, and the locks that hang on them; <c>finally</c> blocks, finalizers and buffers
/// that were not flushed.
/// </para>
/// <para>
/// Signals: handlers are reset by the kernel. What the .NET runtime has changed for itself is put back: SIGPIPE, which
/// it ignores, is at its default again; the calling thread's mask is empty; and the soft limit of open files, which it
/// raised to the hard one, is that of the parent process again, where the two have the same hard limit. When the call
/// fails, all is as before.
/// </para>
/// </remarks>
public static class Exec
{
    /// <summary>Replaces this program; returns only by an exception.</summary>
    /// <param name="fileName">A path, or a name that is searched in <c>PATH</c>.</param>
    /// <param name="arguments">The arguments after <c>argv[0]</c>, each as it is.</param>
    /// <inheritdoc cref="Replace(ExecOptions)"/>
    [DoesNotReturn]
    public static void Replace(string fileName, params IReadOnlyList<string> arguments) =>
        Replace(new ExecOptions { FileName = fileName, Arguments = arguments });

    /// <inheritdoc cref="Replace(string, IReadOnlyList{string})"/>
    /// <exception cref="FileNotFoundException">
    /// <c>ENOENT</c>: no such program, or its interpreter is missing.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: not executable, or a directory.</exception>
    /// <exception cref="PosixException">
    /// <c>ENOEXEC</c>: not a format that the kernel executes; <c>E2BIG</c>: too large arguments; <c>ETXTBSY</c>: the
    /// program is open for writing.
    /// </exception>
    /// <exception cref="ArgumentException">A string contains NUL, or a variable has no proper name.</exception>
    [DoesNotReturn]
    public static void Replace(ExecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string path = ExecutableSearch.Find(options.FileName);
        using NativeStrings file = new([path], nameof(options.FileName));
        using NativeStrings arguments = new(
            [options.ArgumentZero ?? options.FileName, .. options.Arguments], nameof(options.Arguments));
        using NativeStrings environment = new(
            EnvironmentBlock.Create(options.Environment, options.InheritsEnvironment), nameof(options.Environment));
        Errno errno = Replace(file, arguments, environment);
        throw PosixException.From(errno, "execve", path, ExecutableSearch.Hint(errno, path));
    }

    private static unsafe Errno Replace(NativeStrings file, NativeStrings arguments, NativeStrings environment)
    {
        using InheritedState state = InheritedState.Restore();
        LibC.execve(file.First, arguments.Pointer, environment.Pointer);
        return Errno.Last;
    }
}
