using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Situations;

/// <summary>
/// What is planted is what <c>isthmus ls</c>, <c>show</c> and <c>why</c> print, no more and no less; and what util-linux and iproute2 tell of it, where they
/// can see it.
/// </summary>
public sealed class SituationTests(PlantedMachine machine) : IClassFixture<PlantedMachine>
{
    private readonly PlantedMachine _machine = machine;

    public static TheoryData<string> Names => [.. SituationCatalog.Names];

    [Fact]
    public void All_that_is_in_the_catalogue_is_planted_and_nothing_else()
    {
        Assert.True(SituationCatalog.Names.Count >= 30);
        Assert.Equal(SituationCatalog.Names.Order(StringComparer.Ordinal), _machine.Situations.Select(each => each.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_tool_tells_what_was_planted(string name)
    {
        Situation planted = _machine.Situations.Single(each => each.Name == name);
        if (planted.IsWait)
        {
            AssertIsWait(planted);
        }
        else
        {
            AssertIsHeld(planted);
        }
    }

    [Fact]
    public void Descriptors_are_those_of_lsfd()
    {
        string[] ids = [.. _machine.ProcessIds.Select(Text)];
        IEnumerable<string> theirs =
            from row in PlantedMachine.Rows("lsfd", "lsfd", "--json", "--pid", string.Join(',', ids), "-o", "PID,FD,MODE")
            // A descriptor has a number, what is mapped or the program's file has a word.
            where row.GetProperty("fd").ValueKind == JsonValueKind.Number
            select $"{row.GetProperty("pid")}:{row.GetProperty("fd")}";
        IEnumerable<string> ours =
            from each in _machine.Objects
            from user in each.GetProperty("users").EnumerateArray()
            where user.GetProperty("relation").GetString() is "open" or "listens" && ids.Contains(Pid(user).ToString(CultureInfo.InvariantCulture))
            select $"{Pid(user)}:{user.GetProperty("descriptor")}";
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Locks_are_those_of_lslocks()
    {
        JsonElement[] ours =
        [
            .. _machine.Objects.Where(each => Kind(each) == "lock" && Name(each)?.StartsWith(_machine.Root, StringComparison.Ordinal) == true),
        ];
        // Two rings of two, one of three, four by Python and one by C, two by the shell.
        Assert.Equal((2 * 2) + 3 + 4 + 1 + 2, ours.Length);
        HashSet<string> theirs = [];
        // It reads the kernel's table in pieces, and misses a line where another lock goes meanwhile. Who waits has a star.
        await Eventually.IsTrue(() =>
        {
            theirs.UnionWith(
                from row in PlantedMachine.Rows("locks", "lslocks", "--json", "--bytes", "-o", "TYPE,MODE,START,END,INODE,BLOCKER")
                where !row.GetProperty("mode").GetString()!.EndsWith('*')
                select $"{row.GetProperty("type")} {row.GetProperty("mode")} {row.GetProperty("start")} {row.GetProperty("end")} {row.GetProperty("inode")}");
            return ours.All(each => theirs.Contains(LockLine(each.GetProperty("lock"))));
        });
    }

    [Theory]
    [InlineData("--queues", "sysv-mq")]
    [InlineData("--shmems", "sysv-shm")]
    [InlineData("--semaphores", "sysv-semaphore-set")]
    public void System_V_objects_are_those_of_lsipc(string option, string kind)
    {
        (string output, int exitCode) = Peer.Run("lsipc", [option, "--json"]);
        Assert.Equal(0, exitCode);
        JsonElement rows = System.Text.Json.JsonDocument.Parse(output).RootElement.EnumerateObject().Single().Value;
        string[] theirs = [.. rows.EnumerateArray().Select(row => row.GetProperty("id").ToString())];
        string[] planted = [.. _machine.Situations.Where(each => !each.IsWait && each.Kind == kind).Select(each => each.Label!["id=".Length..])];
        Assert.NotEmpty(planted);
        Assert.All(planted, id => Assert.Contains(id, theirs));
        Assert.All(planted, id => Assert.Single(_machine.Objects, each => Kind(each) == kind && Id(each) == id));
    }

    [Fact]
    public void Sockets_are_those_of_ss()
    {
        (string output, int exitCode) = Peer.Run("ss", ["--all", "--processes", "--numeric", "--no-header", "--unix", "--tcp", "--udp"]);
        Assert.Equal(0, exitCode);
        Situation[] sockets = [.. _machine.Situations.Where(each => !each.IsWait && each.Kind is "unix" or "tcp" or "udp")];
        Assert.True(sockets.Length > 8);
        Assert.All(sockets, planted =>
        {
            string holder = $"pid={planted.ProcessId},fd={planted.Descriptor})";
            string row = output.Split('\n').Single(line => line.Contains(holder, StringComparison.Ordinal));
            string state = Held(planted).GetProperty("socket").GetProperty("state").GetString()!;
            Assert.Contains(state switch { "listening" => " LISTEN ", "established" => " ESTAB ", _ => " UNCONN " }, row, StringComparison.Ordinal);
            Assert.Contains(planted.Label ?? "", row, StringComparison.Ordinal);
        });
    }

    private void AssertIsHeld(Situation planted)
    {
        JsonElement found = Held(planted);
        if (planted.Label is { } label && !label.StartsWith("id=", StringComparison.Ordinal))
        {
            Assert.Equal(label, Name(found));
        }
        Assert.Equal(planted.Name.Contains("deleted", StringComparison.Ordinal) || planted.Name.Contains("unlinked", StringComparison.Ordinal), found
            .GetProperty("deleted").GetBoolean());
        if (planted.Relation != "-")
        {
            Assert.Contains(_machine.ObjectsOf(planted.ProcessId), shown =>
                (Kind(found), Id(found), Name(found)) == (Kind(shown), Id(shown), Name(shown))
                && shown.GetProperty("relation").GetString() == planted.Relation
                && (planted.Descriptor is not { } descriptor || shown.GetProperty("descriptor").ToString() == Text(descriptor)));
        }
    }

    // The only object that the process has in that way.
    private JsonElement Held(Situation planted) => Assert.Single(_machine.Objects, each =>
        Kind(each) == planted.Kind
        && (planted.Label is not { } label || label == (label.StartsWith("id=", StringComparison.Ordinal) ? "id=" + Id(each) : Name(each)))
        && (planted.Relation == "-" || each.GetProperty("users").EnumerateArray().Any(user =>
            Pid(user) == planted.ProcessId
            && user.GetProperty("relation").GetString() == planted.Relation
            && (planted.Descriptor is not { } descriptor || user.GetProperty("descriptor").ToString() == Text(descriptor))
            && (planted.Access is not { } access || user.GetProperty("access").GetString() == access))));

    private static void AssertIsWait(Situation planted)
    {
        JsonElement chain = PlantedMachine.Rows("chains", Tool.Path, "why", Text(planted.ProcessId), "--json")[0];
        JsonElement first = chain.GetProperty("steps")[0];
        if (planted.Wait != "-")
        {
            Assert.Equal(planted.Wait, first.GetProperty("wait").GetString());
        }
        if (planted.Kind != "-")
        {
            Assert.Equal(planted.Kind, first.GetProperty("object").GetProperty("kind").GetString());
        }
        if (planted.End is { } end)
        {
            Assert.Equal(end, chain.GetProperty("end").GetString());
        }
        if (planted.Culprit is { } culprit)
        {
            Assert.Equal(culprit, chain.GetProperty("culprit").GetProperty("pid").GetInt32());
        }
        Assert.Equal(planted.Cycle, chain.GetProperty("cycle").EnumerateArray().Select(each => each.GetProperty("pid").GetInt32()).Order());
    }

    // As lslocks tells it.
    private static string LockLine(JsonElement facts)
    {
        string type = facts.GetProperty("flavour").GetString() switch { "ofd" => "OFDLCK", var other => other!.ToUpperInvariant() };
        string mode = facts.GetProperty("mode").GetString() == "shared" ? "READ" : "WRITE";
        long start = facts.GetProperty("start").GetInt64();
        long length = facts.GetProperty("length").GetInt64();
        // The end of the file is printed as 0; the inode is the last part of the file's id.
        long end = length == 0 ? 0 : start + length - 1;
        string inode = facts.GetProperty("file").GetProperty("id").GetString()!.Split(':')[^1];
        return string.Create(CultureInfo.InvariantCulture, $"{type} {mode} {start} {end} {inode}");
    }

    private static int Pid(JsonElement user) => user.GetProperty("process").GetProperty("pid").GetInt32();

    private static string? Kind(JsonElement each) => each.GetProperty("object").GetProperty("kind").GetString();

    private static string? Id(JsonElement each) => each.GetProperty("object").GetProperty("id").GetString();

    private static string? Name(JsonElement each) => each.GetProperty("object").GetProperty("name").GetString();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
