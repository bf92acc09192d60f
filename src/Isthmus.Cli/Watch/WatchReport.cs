using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>Everything about one process or object: what <c>isthmus show</c> prints.</summary>
internal static class WatchReport
{
    public static IReadOnlyList<string> Of(Snapshot snapshot, NodeId node)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        if (snapshot.FindProcess(node) is { } process)
        {
            ProcessReport.Print(ProcessView.Of(snapshot, process, noRuntime: false), text);
        }
        else if (snapshot.FindObject(node) is { } found)
        {
            ObjectReport.Print(snapshot, ObjectRow.Of(snapshot, found), text);
        }
        else
        {
            text.WriteLine(node.Kind == NodeKind.Process ? $"Process {node.Text} has ended." : $"{node} is gone.");
        }
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
