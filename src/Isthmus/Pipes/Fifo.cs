using System.Diagnostics.CodeAnalysis;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A pipe with a name in a directory (<c>fifo(7)</c>), so that processes that have nothing to do with each other can meet. Opened, its
/// ends are those of a pipe. The name stays until <see cref="Unlink"/>; the bytes live only as long as somebody has it open.
/// </summary>
/// <remarks>
/// Symbolic links are not followed, and only one's own FIFOs and root's are opened, unless <see cref="FifoOpenOptions.AnyOwner"/> says
/// otherwise. All methods are thread-safe.
/// </remarks>
public static class Fifo
{
    /// <summary>Makes a FIFO that has the mode from its first moment on, whatever the umask.</summary>
    /// <param name="path">Where; nothing may stand there.</param>
    /// <param name="mode">Who may read and write: the owner only (0600), unless more is asked for.</param>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>EROFS</c>, <c>ENOSPC</c>.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such directory.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission to make files there; <c>EPERM</c>: not on this file system.</exception>
    public static void Create(string path, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FifoFile.Create(path, mode);
    }

    /// <summary>
    /// Opens the end to read from, at once, whether or not a writer is there. Until a first writer has been there, reads wait and do
    /// not report the end; <see cref="PipeReadEnd.TryRead"/> and <see cref="PipeReadEnd.ReadAsync"/> bound or cancel that wait.
    /// </summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: it is no FIFO.</exception>
    public static PipeReadEnd OpenRead(string path, FifoOpenOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        int access = options is { KeepOpen: true } ? LibC.O_RDWR : LibC.O_RDONLY;
        return new PipeReadEnd(FifoFile.Open(path, access | LibC.O_NONBLOCK, options));
    }

    /// <summary>Opens the end to write to; blocks in the kernel until a reader is there.</summary>
    /// <inheritdoc cref="OpenRead"/>
    public static PipeWriteEnd OpenWrite(string path, FifoOpenOptions? options = null)
    {
        Validate(path, options);
        return new PipeWriteEnd(FifoFile.Open(path, LibC.O_WRONLY, options));
    }

    /// <summary>As <see cref="OpenWrite"/>, but false when no reader came within <paramref name="timeout"/>; zero only tries.</summary>
    /// <remarks>It looks for a reader again and again, at most 50 ms apart: the kernel does not tell when one comes.</remarks>
    /// <inheritdoc cref="OpenRead"/>
    public static bool TryOpenWrite(
        string path, TimeSpan timeout, [NotNullWhen(true)] out PipeWriteEnd? end, FifoOpenOptions? options = null)
    {
        Validate(path, options);
        Deadline deadline = Deadline.After(timeout);
        Backoff backoff = default;
        while ((end = OpenWriteNow(path, options)) is null)
        {
            if (!backoff.Sleep(deadline))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As <see cref="OpenWrite"/>, without a thread that waits. Cancelled means that it was not opened.</summary>
    /// <remarks>It looks for a reader again and again, at most 50 ms apart: the kernel does not tell when one comes.</remarks>
    /// <inheritdoc cref="OpenRead"/>
    public static ValueTask<PipeWriteEnd> OpenWriteAsync(
        string path, FifoOpenOptions? options = null, CancellationToken cancellationToken = default)
    {
        Validate(path, options);
        return WaitAndOpenAsync(path, options, cancellationToken);
    }

    /// <summary>Removes the name; ends that are open go on.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>, <c>EPERM</c>: no permission to remove names there.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: it is no FIFO, and it is left alone.</exception>
    public static void Unlink(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FifoFile.CheckIsFifo(FileStatus.At(path), path);
        LibC.Check(LibC.unlink(path), path);
    }

    /// <summary>Looks at the file, without opening it.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: it is no FIFO.</exception>
    public static FifoStatus Stat(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LibC.statx status = FileStatus.At(path);
        FifoFile.CheckIsFifo(status, path);
        return new FifoStatus((UnixFileMode)(status.stx_mode & ~LibC.S_IFMT), status.stx_uid, status.stx_gid, status.stx_ino);
    }

    private static void Validate(string path, FifoOpenOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (options is { KeepOpen: true })
        {
            throw new ArgumentException("KeepOpen is for reading: a writer always needs a reader.", nameof(options));
        }
    }

    private static PipeWriteEnd? OpenWriteNow(string path, FifoOpenOptions? options)
    {
#pragma warning disable CA2000 // The end owns it.
        SafeFileHandle? handle = FifoFile.TryOpen(path, LibC.O_WRONLY | LibC.O_NONBLOCK, options);
#pragma warning restore CA2000
        return handle is null ? null : new PipeWriteEnd(handle);
    }

    private static async ValueTask<PipeWriteEnd> WaitAndOpenAsync(string path, FifoOpenOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Backoff backoff = default;
        PipeWriteEnd? end;
        while ((end = OpenWriteNow(path, options)) is null)
        {
            await backoff.DelayAsync(cancellationToken).ConfigureAwait(false);
        }
        return end;
    }
}
