namespace Isthmus.Inspection;

/// <summary>The names by which programs know what stands in <c>/dev/shm</c>.</summary>
internal static class SharedMemoryName
{
    public const string Directory = "/dev/shm/";
    public const string SemaphorePrefix = "sem.";

    /// <summary>Where shared memory of that name stands.</summary>
    public static string PathOf(string name) => name.StartsWith(Directory, StringComparison.Ordinal) ? name : Directory + name[1..];

    /// <summary><c>/dev/shm/x</c> is <c>/x</c>, and <c>/dev/shm/sem.x</c> too; what stands deeper keeps its path, as do all other kinds.</summary>
    public static string Of(NodeKind kind, string path) => kind switch
    {
        NodeKind.PosixSemaphore => "/" + path[(Directory.Length + SemaphorePrefix.Length)..],
        NodeKind.PosixSharedMemory when path.IndexOf('/', Directory.Length) < 0 => "/" + path[Directory.Length..],
        NodeKind.MemFd => path["/memfd:".Length..],
        _ => path,
    };
}
