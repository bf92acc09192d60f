using Isthmus.Cli.Names;

namespace Isthmus.Cli.SharedMemory;

/// <summary>Shared memory by any of its names.</summary>
internal static class SharedMemoryObject
{
    /// <summary>Makes it; the id of a System V segment.</summary>
    public static int? Create(ObjectName name, long size, UnixFileMode mode)
    {
        switch (name)
        {
            case ObjectName.Posix posix:
                PosixSharedMemory.Create(posix.Name, size, new() { Mode = mode }).Dispose();
                return null;
            case ObjectName.Key key:
                using (SystemVSharedMemory memory = SystemVSharedMemory.Create(key.Value, size, new() { Mode = mode }))
                {
                    return memory.Id;
                }
            default:
                throw new CliException("The kernel chooses the id: give a key, such as 0xbeef, or 0x0 for none.");
        }
    }

    public static MappedMemory Open(ObjectName name, MemoryOpenOptions options) => name switch
    {
        ObjectName.Posix posix => PosixSharedMemory.Open(posix.Name, options),
        ObjectName.Key key => SystemVSharedMemory.Open(key.Value, options),
        ObjectName.Id id => SystemVSharedMemory.Open(id.Value, options),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static JsonSharedMemoryInfo Stat(ObjectName name) => name switch
    {
        ObjectName.Posix posix => SharedMemoryReport.Of(posix.Name, PosixSharedMemory.Stat(posix.Name)),
        ObjectName.Key key => SharedMemoryReport.Of(SystemVSharedMemory.Stat(SystemVSharedMemory.Find(key.Value))),
        ObjectName.Id id => SharedMemoryReport.Of(SystemVSharedMemory.Stat(id.Value)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static void Unlink(ObjectName name)
    {
        switch (name)
        {
            case ObjectName.Posix posix:
                PosixSharedMemory.Unlink(posix.Name);
                break;
            case ObjectName.Key key:
                SystemVSharedMemory.Remove(SystemVSharedMemory.Find(key.Value));
                break;
            case ObjectName.Id id:
                SystemVSharedMemory.Remove(id.Value);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(name));
        }
    }

    /// <summary>How many bytes from an offset on: as many as wanted, or all that follow.</summary>
    public static long LengthFrom(MappedMemory memory, long offset, long? wanted)
    {
        long follow = memory.Length - offset;
        return follow >= 0 && (wanted ?? 0) <= follow
            ? wanted ?? follow
            : throw new CliException($"The memory has {memory.Length} bytes: {(wanted is null ? "nothing" : $"not {wanted}")} from {offset} on.");
    }
}
