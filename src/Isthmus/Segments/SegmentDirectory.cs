using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The directories that segments have their names in. Each user has one that nobody else may enter.</summary>
internal static class SegmentDirectory
{
    private const UnixFileMode OwnMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const uint OthersBits = 0x3F, OthersWrite = 0x12;

    /// <summary>That of the user, whether or not it exists yet.</summary>
    public static string Default => string.Create(CultureInfo.InvariantCulture, $"/dev/shm/isthmus-{LibC.geteuid()}");

    /// <summary>Makes that of the user when it does not exist, and checks it.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: somebody else has made it, or may enter it.</exception>
    public static string EnsureDefault()
    {
        string path = Default;
        while (!TryCheck(path, isOwn: true, anyOwner: false))
        {
            Make(path);
        }
        return path;
    }

    /// <summary>Checks the directory of a name; false when there is none.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: other users could exchange what stands in it.</exception>
    public static bool TryCheck(SegmentName name, bool anyOwner) => TryCheck(name.Directory, name.IsOwnDirectory, anyOwner && !name.IsOwnDirectory);

    /// <summary>What stands in a directory, null for that of the user, in the order of the names. What vanishes meanwhile is left out.</summary>
    public static IReadOnlyList<SegmentEntry> List(SharedObjectOptions options)
    {
        string directory = options.Directory ?? Default;
        return Directory.Exists(directory)
            ? [.. Names(directory).Select(name => TryLook(name, options)).OfType<SegmentEntry>()]
            : [];
    }

    /// <summary>Removes the name of a segment in which nobody takes part; false when somebody does, or is just about to.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Where, and whose.</param>
    /// <param name="onlyIf">What must hold of it, too, while nobody can come; null for nothing.</param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="InvalidDataException">It is no segment.</exception>
    public static bool TryRemoveUnused(string name, SharedObjectOptions options, Predicate<SegmentSnapshot>? onlyIf = null)
    {
        SegmentName found = SegmentName.Of(name, options.Directory);
        // Names are removed under this lock only, so that none is given to another segment between the proof and the removal.
        using SafeFileHandle locked = DirectoryLock.Take(found.Directory);
        using SafeFileHandle file = SegmentFile.Open(found, options);
        SegmentFile.Read(file, null, name);
        using SegmentDoor? door = SegmentDoor.TryClose(file, name);
        return door is not null && LifeLock.AreAllFree(file) && SegmentFile.IsAt(found, file)
            && (onlyIf is null || onlyIf(SegmentSnapshot.Take(null, file, name))) && LibC.Check(LibC.unlink(found.Path), name) == 0;
    }

    private static IEnumerable<string> Names(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path)).Where(SegmentName.IsName).Order(StringComparer.Ordinal);

    // It only asks, and takes nothing, not even for a moment: nobody who attaches or cleans is in anybody's way.
    private static SegmentEntry? TryLook(string name, SharedObjectOptions options)
    {
        try
        {
            SegmentName found = SegmentName.Of(name, options.Directory);
            using SafeFileHandle? file = SegmentFile.TryOpen(found, options, MemoryAccess.Read);
            return file is null ? null : new SegmentEntry(name, SegmentSnapshot.Take(null, file, name), LifeLock.IsNobodyThere(file), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new SegmentEntry(name, null, false, error.Message);
        }
    }

    private static void Make(string path)
    {
        if (LibC.mkdir(path, (uint)OwnMode) == 0)
        {
            // The umask may have taken too much; others were let in at no time.
            LibC.Check(LibC.chmod(path, (uint)OwnMode), path);
            return;
        }
        Errno errno = Errno.Last;
        if (errno != Errno.EEXIST)
        {
            throw PosixException.From(errno, "mkdir", path, "Give a directory that exists.");
        }
    }

    private static bool TryCheck(string path, bool isOwn, bool anyOwner)
    {
        if (!FileStatus.TryAt(path, out LibC.statx status))
        {
            Errno errno = Errno.Last;
            return errno == Errno.ENOENT ? false : throw PosixException.From(errno, "statx", path);
        }
        uint kind = status.stx_mode & LibC.S_IFMT;
        if (kind != LibC.S_IFDIR)
        {
            throw PosixException.From(
                kind == LibC.S_IFLNK ? Errno.ELOOP : Errno.ENOTDIR,
                "open",
                path,
                $"It is {FileStatus.KindOf(status)}, not a directory; links are not followed.");
        }
        if (!anyOwner)
        {
            FileStatus.RequireTrustedOwner(status, "open", path);
            RequireMode(status, path, isOwn);
        }
        return true;
    }

    private static void RequireMode(LibC.statx status, string path, bool isOwn)
    {
        if ((status.stx_mode & (isOwn ? OthersBits : OthersWrite)) != 0)
        {
            string mode = FileStatus.ModeOf(status);
            throw PosixException.From(Errno.EPERM, "open", path, isOwn
                ? $"Its mode is {mode}: other users may enter it. Nobody but its owner should: chmod 0700."
                : $"Its mode is {mode}: other users could exchange what stands in it. Use another one, or accept any owner.");
        }
    }
}
