using System.Buffers.Text;
using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The numbers of a process's children, from <c>/proc/PID/task/TID/children</c> of all its threads.</summary>
internal static class ChildrenFile
{
    // The kernel may be built without it (CONFIG_PROC_CHILDREN).
    private static readonly bool s_exists = File.Exists("/proc/thread-self/children");

    /// <summary>Bare numbers: whoever uses them opens the process and looks at its parent.</summary>
    public static IEnumerable<int> Read(int pid) => s_exists ? ReadFiles(pid) : SearchAll(pid);

    /// <exception cref="PlatformNotSupportedException">The kernel does not keep the file, or /proc is that of another pid namespace.</exception>
    public static void ThrowIfMissing()
    {
        string process = ProcFs.Of(LibC.getpid());
        if (!s_exists)
        {
            throw PosixException.From(
                Errno.ENOSYS, "open", process + "/task/TID/children", "Limits and DiesWithParent find the child by it (CONFIG_PROC_CHILDREN).");
        }
    }

    /// <summary>
    /// The child of a thread of this process that makes one only; 0 when it has made none yet, or has ended. (Then it failed
    /// before, or was refused.)
    /// </summary>
    public static unsafe int OfThread(int tid)
    {
        const int TextMax = 32;
        string path = string.Create(CultureInfo.InvariantCulture, $"{ProcFs.Of(LibC.getpid())}/task/{tid}/children");
        using SafeFileHandle file = LibC.open(path, LibC.O_RDONLY | LibC.O_CLOEXEC);
        byte* text = stackalloc byte[TextMax];
        nint length = file.IsInvalid ? -1 : LibC.read(file, text, TextMax);
        if (length < 0)
        {
            return Errno.Last is Errno.ENOENT or Errno.ESRCH ? 0 : throw PosixException.From(Errno.Last, "open", path);
        }
        return Utf8Parser.TryParse(new ReadOnlySpan<byte>(text, (int)length), out int child, out _) ? child : 0;
    }

    private static IEnumerable<int> ReadFiles(int pid) =>
        from thread in ThreadInfo.TaskIds(pid)
        from child in ReadFile(string.Create(CultureInfo.InvariantCulture, $"{ProcFs.Of(pid)}/task/{thread}/children"))
        select child;

    private static IEnumerable<int> ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return []; // The thread has ended; its children went to another thread of the process.
        }
    }

    internal static IEnumerable<int> SearchAll(int pid) =>
        from id in ProcFs.ProcessIds()
        where ProcStat.TryRead(ProcFs.Of(id) + "/stat", out ProcStat stat) && stat.ParentId == pid
        select id;
}
