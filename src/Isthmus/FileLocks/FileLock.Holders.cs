using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

public sealed partial class FileLock
{
    /// <summary>
    /// All locks of all flavours on a file, with every descriptor that holds one, as <c>/proc/PID/fdinfo</c> tells. That is
    /// who really holds it: a process that has acquired a lock, handed the descriptor on and died is not named, though
    /// <c>/proc/locks</c> and <c>lslocks(8)</c> name it.
    /// </summary>
    /// <param name="path">The file; it is not opened, because closing it would drop this process's POSIX locks on it.</param>
    /// <remarks>
    /// The descriptors of other users' processes can be looked at with privilege only; their locks are taken from
    /// <c>/proc/locks</c>, without a process (POSIX locks: with it). Where that table shows another device number than
    /// <c>stat(2)</c> (btrfs, some overlays), hidden locks are found only beside visible ones; and where locks come and
    /// go while the table is read, a hidden one may be missed. Reads all of /proc: for people and tools, not for decisions.
    /// </remarks>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="PosixException"><c>ELOOP</c>, <c>EINVAL</c>: a symbolic link, or no regular file.</exception>
    /// <exception cref="PlatformNotSupportedException">/proc shows another pid namespace.</exception>
    public static IReadOnlyList<FileLockHolder> FindHolders(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        LibC.statx status = FileStatus.At(path);
        LockFile.CheckIsFile(status, path);
        return FileLockSearch.Run(status);
    }

    /// <inheritdoc cref="FindHolders(string)"/>
    /// <param name="file">The file.</param>
    public static IReadOnlyList<FileLockHolder> FindHolders(SafeFileHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return FileLockSearch.Run(FileStatus.Of(file));
    }
}
