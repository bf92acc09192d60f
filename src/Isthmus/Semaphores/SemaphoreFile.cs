using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The file in which both libcs keep a named semaphore (sem_overview(7)): a <c>sem_t</c>, as <c>sem_init</c> makes it, that every opener
/// maps. Opening it ourselves does what <c>sem_open(3)</c> does, but the mode is exact whatever the umask, and owner and size are checked
/// on what was really opened.
/// </summary>
internal static unsafe class SemaphoreFile
{
    private const string DirectoryOfObjects = "/dev/shm";
    private const int LongestFileName = 255;
    private const uint NamesMax = 1;

    // glibc calls the file of /x sem.x, musl calls it x.
    private static readonly string s_prefix =
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "" : "sem.";

    /// <summary>Makes one with its mode and value before it has its name; null when the name is taken.</summary>
    public static FileMapping? TryCreate(string name, int value, UnixFileMode mode)
    {
        string path = PathOf(name);
        using NewFile file = NewFile.In(DirectoryOfObjects, name);
        using SafeFileHandle handle = file.Handle;
        MemoryFile.Allocate(handle, 0, sizeof(LibC.sem_t), name);
        FileMapping mapping = Map(handle, name);
        try
        {
            LibC.Check(LibC.sem_init(mapping, pshared: 1, (uint)value), name);
            file.Publish(path, name, mode);
            return mapping;
        }
        catch (PosixException error) when (error.Errno == Errno.EEXIST)
        {
            mapping.Dispose();
            return null;
        }
        catch
        {
            mapping.Dispose();
            throw;
        }
    }

    /// <summary>Opens one; null when there is none.</summary>
    public static FileMapping? TryOpen(string name, bool anyOwner)
    {
        MemoryOpenOptions options = new() { Access = MemoryAccess.ReadWrite, AnyOwner = anyOwner };
        using SafeFileHandle? handle = MemoryFile.TryOpen(PathOf(name), name, options, NamesMax);
        if (handle is null)
        {
            return null;
        }
        ulong size = FileStatus.Of(handle, name).stx_size;
        // A smaller one could not be mapped whole: touching the rest is SIGBUS.
        return size >= (ulong)sizeof(LibC.sem_t)
            ? Map(handle, name)
            : throw PosixException.From(Errno.EINVAL, "open", name, $"It has {size} bytes: that is no semaphore");
    }

    public static LibC.statx Stat(string name)
    {
        if (!FileStatus.TryAt(PathOf(name), out LibC.statx status))
        {
            throw PosixException.From(Errno.Last, "stat", name);
        }
        MemoryFile.CheckIsFile(status, name);
        return status;
    }

    public static void Unlink(string name) => MemoryFile.Unlink(PathOf(name), name);

    private static FileMapping Map(SafeFileHandle handle, string name) =>
        FileMapping.Map(handle, 0, sizeof(LibC.sem_t), MemoryAccess.ReadWrite, name);

    private static string PathOf(string name) =>
        $"{DirectoryOfObjects}/{s_prefix}{PosixName.Check(name, LongestFileName - s_prefix.Length).AsSpan(1)}";
}
