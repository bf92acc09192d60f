using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Repository;

/// <summary>
/// Dependencies between the folders of a project point down only. One namespace holds them all, so no compiler
/// checks this: each file's identifiers are held against the types that each folder declares.
/// </summary>
public sealed partial class LayerTests
{
    // Lower number: lower layer. A folder may use itself and those of a smaller number.
    private static readonly Dictionary<string, int> s_layers = new()
    {
        ["Native"] = 0,
        ["Events"] = 10,
        ["Threads"] = 15,
        ["Names"] = 16,
        ["Signals"] = 20,
        ["Pipes"] = 21,
        ["SharedMemory"] = 22,
        ["Sockets"] = 23,
        ["MessageQueues"] = 24,
        ["Semaphores"] = 25,
        ["FileLocks"] = 26,
        ["Processes"] = 30,
        ["Segments"] = 40,
        ["Synchronization"] = 41,
        ["Channels"] = 42,
    };

    private static readonly Dictionary<string, int> s_inspectionLayers = new()
    {
        ["Graph"] = 0,
        ["Reading"] = 1,
        ["Objects"] = 2,
        ["Sockets"] = 3,
        ["Waiting"] = 4,
        ["Processes"] = 5,
        ["Snapshots"] = 6,
        ["Reasons"] = 7,
        ["Rates"] = 8,
    };

    // Each object of a family has a folder of its own inside its layer's. These are built on by the others; everything else is nobody else's business.
    private static readonly string[] s_sharedRooms = ["Synchronization/Mutexes", "Synchronization/WaitAny"];

    public static TheoryData<string> Projects => ["src/Isthmus", "src/Isthmus.Inspection"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_layer(string project) =>
        Assert.Empty(Source.Files(project).Select(Folder).Distinct().Except(LayersOf(project).Keys));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Dependencies_point_down_only(string project)
    {
        Dictionary<string, int> layers = LayersOf(project);
        Dictionary<string, string> folderOfType = TypesBy(Folder, project);
        string[] upward =
        [
            .. from path in Source.Files(project)
               from name in Identifiers().Matches(Code(path)).Select(match => match.Value).Distinct()
               let folder = folderOfType.GetValueOrDefault(name, Folder(path))
               where folder != Folder(path) && layers[folder] >= layers[Folder(path)]
               select $"{path} uses {name} of {folder}",
        ];
        Assert.Empty(upward);
        Assert.True(folderOfType.Count > 10, "The scan found too few types to be believed.");
    }

    [Fact]
    public void Objects_of_a_family_do_not_know_each_other()
    {
        Dictionary<string, string> roomOfType = TypesBy(Room, "src/Isthmus");
        string[] sideways =
        [
            .. from path in Source.Files("src/Isthmus")
               where IsInner(Room(path))
               from name in Identifiers().Matches(Code(path)).Select(match => match.Value).Distinct()
               let room = roomOfType.GetValueOrDefault(name, Room(path))
               where room != Room(path) && IsInner(room) && !s_sharedRooms.Contains(room)
               select $"{path} uses {name} of {room}",
        ];
        Assert.Empty(sideways);
        Assert.Contains("Channels/Queues", roomOfType.Values);

        static bool IsInner(string room) => room.Contains('/', StringComparison.Ordinal);
    }

    private static Dictionary<string, int> LayersOf(string project) => project == "src/Isthmus" ? s_layers : s_inspectionLayers;

    private static Dictionary<string, string> TypesBy(Func<string, string> place, string project)
    {
        Dictionary<string, string> folders = [];
        foreach (string path in Source.Files(project))
        {
            foreach (Match match in TopLevelTypes().Matches(Code(path)))
            {
                folders[match.Groups["name"].Value] = place(path);
            }
        }
        return folders;
    }

    private static string Folder(string path) => path.Split('/')[2];

    private static string Room(string path) => string.Join('/', path.Split('/')[2..^1]);

    // Comments and strings may name anything.
    private static string Code(string path) => CommentsAndStrings().Replace(Source.Read(path), " ");

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|ref|unsafe|partial)\s+)*(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?|delegate\s+[\w<>?\[\]]+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelTypes();

    // What is assigned to is a member (SchedulingPolicy.Fifo), not a type.
    [GeneratedRegex(@"\b[A-Z]\w+\b(?!\s*=[^=>])")]
    private static partial Regex Identifiers();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|""(?:\\.|[^""\\\n])*""", RegexOptions.Singleline)]
    private static partial Regex CommentsAndStrings();
}
