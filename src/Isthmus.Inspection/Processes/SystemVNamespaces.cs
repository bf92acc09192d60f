using System.Globalization;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// System V ids count in each ipc namespace anew, and the table shows those of ours: what a process of another one has attached must not be
/// taken for the segment with the same id here.
/// </summary>
internal static class SystemVNamespaces
{
    private static readonly Lazy<ulong> s_own = new(() => Of("self"));

    public static void Separate(ProcessFindings findings)
    {
        if (!findings.Mappings.Exists(map => map.Target.Kind == NodeKind.SystemVSharedMemory))
        {
            return;
        }
        ulong other = SpaceOf(findings.Process.Id);
        if (other == 0)
        {
            return;
        }
        for (int index = 0; index < findings.Mappings.Count; index++)
        {
            MappingFinding map = findings.Mappings[index];
            if (map.Target.Kind == NodeKind.SystemVSharedMemory)
            {
                findings.Mappings[index] = map with { Target = map.Target with { Space = other } };
            }
        }
    }

    /// <summary>Where the ids of a process count: 0 for our own namespace, and where that is not told.</summary>
    public static ulong SpaceOf(int processId)
    {
        ulong space = Of(processId.ToString(CultureInfo.InvariantCulture));
        return space == s_own.Value ? 0 : space;
    }

    private static ulong Of(string process) => FileStatus.TryBehind($"/proc/{process}/ns/ipc", out LibC.statx status) ? status.stx_ino : 0;
}
