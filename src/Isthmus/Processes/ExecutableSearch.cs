using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Finds a program as <c>execvp(3)</c> does: by PATH when its name has no slash. Directories and files without the
/// execute permission are passed over. Nothing is ever started through a shell.
/// </summary>
internal static class ExecutableSearch
{
    // What libc takes when PATH is not set.
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>
    /// The path to start; a <paramref name="file"/> with a slash is returned as it is, the kernel judges it.
    /// </summary>
    /// <param name="file">A name or a path.</param>
    /// <param name="searchPath">
    /// The directories with colons between, an empty one being the current; null for the default.
    /// </param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c> no directory has such a file.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c> there is such a file and it may not be executed.
    /// </exception>
    public static string Find(string file, string? searchPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        if (file.Contains('/', StringComparison.Ordinal))
        {
            return file;
        }
        Errno reason = Errno.ENOENT;
        foreach (string directory in (searchPath ?? DefaultPath).Split(':'))
        {
            string candidate = Path.Combine(directory.Length == 0 ? "." : directory, file);
            switch (Probe(candidate))
            {
                case Errno.None:
                    return candidate;
                case Errno.EACCES:
                    reason = Errno.EACCES;
                    break;
            }
        }
        throw PosixException.From(reason, "execve", file, reason == Errno.ENOENT
            ? "No directory of PATH has it"
            : "A directory of PATH has it, and it is not executable, or the directory may not be searched");
    }

    /// <summary>As <see cref="Find(string, string?)"/>, by the PATH of this process.</summary>
    public static string Find(string file) => Find(file, Environment.GetEnvironmentVariable("PATH"));

    /// <summary>What can be done when the kernel refuses to execute a file.</summary>
    public static string? Hint(Errno errno, string path) => errno switch
    {
        Errno.ENOENT when File.Exists(path) =>
            "The file exists, but not the interpreter that its first line (#!) or its ELF header names.",
        Errno.EACCES => "It must be a file with execute permission, on a file system that is not mounted noexec.",
        Errno.ENOEXEC =>
            "The kernel cannot execute it: it has another architecture, or it is a script without a first line like #!/bin/sh.",
        Errno.E2BIG =>
            "Arguments and environment together are too large, or one of them exceeds 128 KiB: pass the data by a file or a pipe.",
        Errno.EAGAIN => "The limit of processes is reached (RLIMIT_NPROC, or pids.max of the cgroup).",
        Errno.ETXTBSY => "Somebody has the file open for writing.",
        _ => null,
    };

    private static Errno Probe(string path)
    {
        if (!FileStatus.TryBehind(path, out LibC.statx status))
        {
            // Whatever hides it (ENOENT, ENOTDIR, ENAMETOOLONG, …), another directory may have it.
            return Errno.Last == Errno.EACCES ? Errno.EACCES : Errno.ENOENT;
        }
        if ((status.stx_mode & LibC.S_IFMT) != LibC.S_IFREG)
        {
            return Errno.EACCES;
        }
        // By the effective user, as execve judges; access(2) would ask for the real one.
        return LibC.faccessat(LibC.AT_FDCWD, path, LibC.X_OK, LibC.AT_EACCESS) == 0 ? Errno.None : Errno.EACCES;
    }
}
