using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>Adds the objects that exist whether or not anybody holds them, and what is known of files by their names only.</summary>
internal sealed class ObjectLister(GraphBuilder graph, DirectoryReader proc)
{
    private readonly GraphBuilder _graph = graph;
    private readonly DirectoryReader _proc = proc;
    private byte[] _text = new byte[16 * 1024];

    public SnapshotGaps AddNamed()
    {
        List<ObjectNode> objects = [];
        SharedMemoryNames.List(objects);
        SnapshotGaps gaps = MessageQueueNames.TryList(objects) ? SnapshotGaps.None : SnapshotGaps.MessageQueueNames;
        objects.ForEach(_graph.Add);
        gaps |= AddSystemV("sysvipc/msg\0"u8, NodeKind.SystemVMessageQueue);
        gaps |= AddSystemV("sysvipc/shm\0"u8, NodeKind.SystemVSharedMemory);
        return gaps | AddSystemV("sysvipc/sem\0"u8, NodeKind.SystemVSemaphoreSet);
    }

    /// <summary>A mapping tells a file's name and inode; the rest is looked up by that name, where it still leads to the same file.</summary>
    public void CompleteFiles()
    {
        foreach (ObjectNode node in _graph.Objects.Where(HasOnlyName).ToArray())
        {
            if (FileStatus.TryAt(node.Name!, out LibC.statx status) && status.stx_ino == node.Id.Number)
            {
                _graph.Replace(node with
                {
                    UserId = status.stx_uid,
                    GroupId = status.stx_gid,
                    Mode = (UnixFileMode)(status.stx_mode & 0xFFF),
                    Size = (long)status.stx_size,
                });
            }
        }
    }

    private static bool HasOnlyName(ObjectNode node) => node is { Kind: NodeKind.File, Mode: null, IsDeleted: false, Name: ['/', ..] };

    private SnapshotGaps AddSystemV(ReadOnlySpan<byte> file, NodeKind kind)
    {
        int length = _proc.ReadAll(file, ref _text);
        if (length < 0)
        {
            return SnapshotGaps.SystemV;
        }
        foreach (SystemVNode node in SystemVTables.Parse(kind, _text.AsSpan(0, length)))
        {
            _graph.Add(node);
        }
        return SnapshotGaps.None;
    }
}
