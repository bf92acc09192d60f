using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

public sealed class ShowCommandTests(Zoo zoo) : IClassFixture<Zoo>
{
    private readonly Zoo _zoo = zoo;

    private string Pid => _zoo.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_process_is_shown_with_its_objects_and_the_peers_behind_them()
    {
        using Actor actor = Actor.Python("""
            a, b = socket.socketpair(); ready = os.pipe()
            def child(): a.close(); os.write(ready[1], b"x"); hold()
            other = fork(child); b.close(); os.read(ready[0], 1)
            say(a.fileno(), other); hold()
            """);
        int[] told = actor.ReadNumbers();
        JsonElement view = default;
        // When it has come to where it waits.
        await Eventually.IsTrue(() =>
        {
            view = Json("show", Text(actor.Id), "--json");
            return Assert.Single(view.GetProperty("threads").EnumerateArray()).GetProperty("wait").GetString() == "signal";
        });
        Assert.Equal(actor.Id, view.GetProperty("process").GetProperty("process").GetProperty("pid").GetInt32());
        JsonElement detail = view.GetProperty("process").GetProperty("detail");
        Assert.True(detail.GetProperty("memory").GetArrayLength() > 20);
        Assert.Contains(detail.GetProperty("limits").EnumerateArray(), limit => limit.GetProperty("resource").GetString() == "descriptor_count");
        Assert.True(detail.GetProperty("namespaces").TryGetProperty("net", out _));
        JsonElement socket = view.GetProperty("objects").EnumerateArray().Single(each => each.GetProperty("descriptor").ToString() == Text(told[0]));
        JsonElement peer = Assert.Single(socket.GetProperty("others").EnumerateArray());
        Assert.Equal((told[1], "open"), (peer.GetProperty("process").GetProperty("pid").GetInt32(), peer.GetProperty("relation").GetString()));
    }

    [Fact]
    public async Task The_text_has_every_part()
    {
        string text = "";
        // When it has come to where it waits.
        await Eventually.IsTrue(() =>
        {
            (text, int exitCode) = Tool.Run("show", Pid);
            Assert.Equal(0, exitCode);
            return text.Contains("waits to read pipe ", StringComparison.Ordinal);
        });
        Assert.All(
            ["process:", "command:", "parent:", "user:", "limits:", "namespaces:", "ignored:", "resident:   [", " s stack", "threads:", "objects:"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Contains($"listens rw unix {_zoo.Directory}/stream", text, StringComparison.Ordinal);
        Assert.Contains(" holds      lock ", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void A_file_that_was_deleted_is_marked()
    {
        string text = Tool.Run("show", Pid).Output;
        Assert.Contains($" file {_zoo.Directory}/gone (deleted)\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain($" file {_zoo.Directory}/file (deleted)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_other_end_comes_before_the_many_who_have_the_same()
    {
        using Actor actor = Actor.Python("""
            r, w = os.pipe()
            def reader(): os.close(w); hold()
            def writer(): os.close(r); hold()
            say(*[fork(writer) for _ in range(8)], fork(reader)); os.close(r); os.close(w); hold()
            """);
        int[] ids = actor.ReadNumbers();
        string pipe = $"{ids[^1]}:";
        string line = "";
        // Until each has closed what it does not need.
        await Eventually.IsTrue(() =>
        {
            line = Tool.Run("show", Text(ids[0])).Output.Split('\n').FirstOrDefault(each => each.Contains($"<-> {pipe}", StringComparison.Ordinal)) ?? "";
            return line.Contains(" writes", StringComparison.Ordinal) && line.EndsWith(" and 4 more", StringComparison.Ordinal);
        });
        Assert.Contains($" open w     pipe:", line, StringComparison.Ordinal);
        Assert.Matches($"<-> {ids[^1]}:[0-9]+ \\([^)]*\\) reads, ", line);
    }

    [Fact]
    public async Task Who_has_ended_has_no_memory_that_were_not_permitted()
    {
        using Actor actor = Actor.Python("say(fork(lambda: None)); hold()");
        string child = Text(actor.ReadNumber());
        string text = "";
        await Eventually.IsTrue(() => (text = Tool.Run("show", child).Output).Contains("state:      zombie", StringComparison.Ordinal));
        Assert.Contains("executable: none", text, StringComparison.Ordinal);
        Assert.Contains("segments:   none", text, StringComparison.Ordinal);
        Assert.DoesNotContain("not permitted", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_used_a_System_V_object_last_is_told()
    {
        string queue = Tool.Run("show", "sysv-mq:" + Text(_zoo.QueueId)).Output;
        Assert.Contains("bytes:            3\n", queue, StringComparison.Ordinal);
        Assert.Contains($"last sent by:     {Pid} (", queue, StringComparison.Ordinal);
        Assert.DoesNotContain("last received by:", queue, StringComparison.Ordinal);
        string segment = Tool.Run("show", "sysv-shm:" + Text(_zoo.SegmentId)).Output;
        Assert.Contains("attached:         2\n", segment, StringComparison.Ordinal);
        Assert.Contains($"made by:          {Pid} (", segment, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_is_found_by_each_of_its_names()
    {
        int pipe = Descriptor("pipe");
        JsonElement byPlace = Assert.Single(Objects("show", $"{Pid}:{pipe}", "--json"));
        string id = byPlace.GetProperty("object").GetProperty("id").GetString()!;
        Assert.Equal(id, Assert.Single(Objects("show", "pipe:" + id, "--json")).GetProperty("object").GetProperty("id").GetString());
        JsonElement[] users = [.. byPlace.GetProperty("users").EnumerateArray().Where(user => user.GetProperty("relation").GetString() == "open")];
        Assert.Equal(["r", "w"], users.Select(user => user.GetProperty("access").GetString()));

        Assert.Contains(Objects("show", _zoo.Directory + "/fifo", "--json"), each => Kind(each) == "fifo");
        Assert.Contains(Objects("show", $"unix:{_zoo.Directory}/stream", "--json"), each => Kind(each) == "unix");
        Assert.Contains(Objects("show", $"unix:@isthmus-zoo-{Pid}", "--json"), each => Kind(each) == "unix");
        Assert.Contains(Objects("show", $"/isthmus-test-zoo-{Pid}", "--json"), each => Kind(each) == "posix-mq");
        string tcp = _zoo.Animals.First(each => each.GetProperty("kind").GetString() == "tcp").GetProperty("name").GetString()!;
        Assert.Contains(Objects("show", "tcp:" + tcp, "--json"), each => Kind(each) == "tcp");
        // A lock comes with its file.
        Assert.Equal(["file", "lock"], Objects("show", _zoo.Directory + "/lease", "--json").Select(Kind).Order());
    }

    [Fact]
    public void The_other_end_of_a_connection_is_shown()
    {
        JsonElement animal = _zoo.Animals.First(each => each.GetProperty("kind").GetString() == "unix" && each.TryGetProperty("peer", out _));
        (string text, int exitCode) = Tool.Run("show", $"{Pid}:{animal.GetProperty("fd")}");
        Assert.Equal(0, exitCode);
        Assert.Contains("state:            established, stream", text, StringComparison.Ordinal);
        Assert.Contains($"other end:        {Pid}:{animal.GetProperty("peer")} (", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "no process 2147483647", "show", "2147483647")]
    [InlineData(1, "no process or object 'pipe:1x'", "show", "pipe:1x")]
    [InlineData(1, "no process or object '2147483647:0'", "show", "2147483647:0")]
    [InlineData(1, "no process or object '/no/such/name'", "show", "/no/such/name")]
    [InlineData(1, "no process or object ''", "show", "")]
    [InlineData(2, "isthmus show --help", "show")]
    public void What_is_not_there_is_said_in_one_line(int exitCode, string says, params string[] args) => Tool.AssertFails(exitCode, says, args);

    private int Descriptor(string kind) => _zoo.Animals.First(each => each.GetProperty("kind").GetString() == kind).GetProperty("fd").GetInt32();

    private static JsonElement[] Objects(params string[] args) => [.. Json(args).GetProperty("objects").EnumerateArray()];

    private static JsonElement Json(params string[] args)
    {
        (string text, int exitCode) = Tool.Run(args);
        Assert.True(exitCode == 0, text);
        return System.Text.Json.JsonDocument.Parse(text).RootElement;
    }

    private static string? Kind(JsonElement found) => found.GetProperty("object").GetProperty("kind").GetString();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
