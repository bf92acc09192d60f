using System.Globalization;

namespace Isthmus.Inspection;

/// <summary>The objects of this process's ipc namespace, from <c>/proc/sysvipc</c>: everybody may read it.</summary>
internal static class SystemVTables
{
    private const int DestroyedFlag = 0x200; // SHM_DEST, 01000.

    public static IReadOnlyList<SystemVNode> Parse(NodeKind kind, ReadOnlySpan<byte> text)
    {
        List<SystemVNode> nodes = [];
        TextCursor lines = new(text);
        lines.TryReadLine(out _); // The head.
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            nodes.Add(kind switch
            {
                NodeKind.SystemVMessageQueue => Queue(new TextCursor(line)),
                NodeKind.SystemVSharedMemory => Segment(new TextCursor(line)),
                _ => Set(new TextCursor(line)),
            });
        }
        return nodes;
    }

    // key msqid perms cbytes qnum lspid lrpid uid gid …
    private static SystemVNode Queue(TextCursor words)
    {
        (SystemVNode node, _) = Begin(NodeKind.SystemVMessageQueue, ref words);
        return node with
        {
            Bytes = words.ReadNumber(),
            Fill = words.ReadNumber(),
            LastProcessId = Process(words.ReadNumber()),
            LastReceiverProcessId = Process(words.ReadNumber()),
            UserId = (uint)words.ReadNumber(),
            GroupId = (uint)words.ReadNumber(),
        };
    }

    // key shmid perms size cpid lpid nattch uid gid …
    private static SystemVNode Segment(TextCursor words)
    {
        (SystemVNode node, int flags) = Begin(NodeKind.SystemVSharedMemory, ref words);
        return node with
        {
            Size = words.ReadNumber(),
            CreatorProcessId = Process(words.ReadNumber()),
            LastProcessId = Process(words.ReadNumber()),
            AttachedCount = words.ReadNumber(),
            UserId = (uint)words.ReadNumber(),
            GroupId = (uint)words.ReadNumber(),
            IsDeleted = (flags & DestroyedFlag) != 0,
        };
    }

    // key semid perms nsems uid gid …
    private static SystemVNode Set(TextCursor words)
    {
        (SystemVNode node, _) = Begin(NodeKind.SystemVSemaphoreSet, ref words);
        return node with { Size = words.ReadNumber(), UserId = (uint)words.ReadNumber(), GroupId = (uint)words.ReadNumber() };
    }

    private static (SystemVNode Node, int Flags) Begin(NodeKind kind, ref TextCursor words)
    {
        // The key is printed as a signed number.
        uint key = (uint)words.ReadNumber();
        ulong id = (ulong)words.ReadNumber();
        int mode = TextCursor.Octal(words.ReadWord());
        string? name = key == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"0x{key:x8}");
        return (new SystemVNode(NodeId.Of(kind, id), name) { Mode = (UnixFileMode)(mode & 0x1FF) }, mode);
    }

    private static int? Process(long number) => number > 0 ? (int)number : null;
}
