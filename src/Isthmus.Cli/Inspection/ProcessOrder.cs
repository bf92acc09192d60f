using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>Processes as a list, or as a tree in which children stand below their parents.</summary>
internal static class ProcessOrder
{
    public static IEnumerable<ProcessRow> List(IEnumerable<ProcessNode> processes) => processes.Select(process => new ProcessRow(process, ""));

    public static IEnumerable<ProcessRow> Tree(IReadOnlyList<ProcessNode> processes)
    {
        HashSet<int> known = [.. processes.Select(process => process.Id)];
        ILookup<int, ProcessNode> children = processes.ToLookup(process => process.ParentId);
        return processes.Where(process => !known.Contains(process.ParentId)).SelectMany(root => Below(root, children, "", ""));
    }

    // Whose parent is a later process has a number that came round; nobody is his own ancestor.
    private static IEnumerable<ProcessRow> Below(ProcessNode process, ILookup<int, ProcessNode> children, string first, string others)
    {
        yield return new ProcessRow(process, first);
        ProcessNode[] below = [.. children[process.Id].Where(child => child.Id != process.Id)];
        for (int index = 0; index < below.Length; index++)
        {
            bool isLast = index == below.Length - 1;
            foreach (ProcessRow row in Below(below[index], children, others + (isLast ? "└─ " : "├─ "), others + (isLast ? "   " : "│  ")))
            {
                yield return row;
            }
        }
    }
}
