using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The numbers of a process's children, from <c>/proc/PID/task/TID/children</c> of all its threads.</summary>
internal static class ChildrenFile
{
    // The kernel may be built without it (CONFIG_PROC_CHILDREN).
    private static readonly bool s_exists = File.Exists("/proc/thread-self/children");

    /// <summary>Bare numbers: whoever uses them opens the process and looks at its parent.</summary>
    public static IEnumerable<int> Read(int pid) => s_exists ? ReadFiles(pid) : SearchAll(pid);

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
        from directory in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(directory)
        where char.IsAsciiDigit(name[0])
        where ProcStat.TryRead(directory + "/stat", out ProcStat stat) && stat.ParentId == pid
        select int.Parse(name, CultureInfo.InvariantCulture);
}
