namespace Isthmus.Inspection;

/// <summary>The words that stand for <see cref="NodeKind"/> in texts, in JSON and on command lines.</summary>
public static class NodeKinds
{
    private static readonly string[] s_words =
    [
        "process", "pipe", "fifo", "unix", "tcp", "udp", "socket", "posix-mq", "sysv-mq", "posix-shm", "sysv-shm", "memfd", "anonymous-shm",
        "segment", "posix-semaphore", "sysv-semaphore-set", "lock", "file", "directory", "device", "pty", "eventfd", "signalfd", "timerfd",
        "epoll", "inotify",
        "pidfd", "anon",
    ];

    /// <summary>The word for a kind: <c>pipe</c>, <c>posix-mq</c>.</summary>
    public static string ToWord(this NodeKind kind) => s_words[(int)kind];

    /// <summary>The kind that a word stands for.</summary>
    public static bool TryParse(string word, out NodeKind kind)
    {
        int found = Array.IndexOf(s_words, word);
        kind = (NodeKind)Math.Max(found, 0);
        return found >= 0;
    }

    /// <summary>All words, in the order of <see cref="NodeKind"/>.</summary>
    public static IReadOnlyList<string> Words => s_words;

    /// <summary>True for sockets of all families.</summary>
    public static bool IsSocket(this NodeKind kind) => kind is >= NodeKind.UnixSocket and <= NodeKind.OtherSocket;

    /// <summary>
    /// True for what processes talk or exclude each other by; false for the process itself, and for files, directories and devices, which are
    /// interesting only when somebody shares or locks them.
    /// </summary>
    public static bool IsIpc(this NodeKind kind) => kind is not (NodeKind.Process or NodeKind.File or NodeKind.Directory or NodeKind.Device);
}
