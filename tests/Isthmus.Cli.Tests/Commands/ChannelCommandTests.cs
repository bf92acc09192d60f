using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class ChannelCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedStreamOptions Here => new() { Directory = _directory.Root, CapacityBytes = 4096 };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Ls_tells_who_takes_part_and_how_full_it_is()
    {
        Assert.Equal(("", 1), Channel("ls"));
        using SharedStream stream = SharedStream.Create("feed", Here);
        SharedMutex.Create("lock", new() { Directory = _directory.Root }).Dispose();
        stream.Write(new byte[2048]);
        string[] lines = Channel("ls").Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Matches($@"^feed +stream +in use +2048 bytes +25% +{Environment.ProcessId} \(", lines[1]);
        Assert.Contains("lock  mutex   stale", Channel("ls", "--all", "-o", "name,kind,state").Output, StringComparison.Ordinal);
        Assert.Equal(("", 1), Channel("ls", "--stale"));
        Assert.Contains("/s", Channel("ls", "--interval", "10ms", "-o", "name,rate").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Ls_as_JSON_has_the_same_and_the_rate()
    {
        using SharedStream stream = SharedStream.Create("feed", Here);
        stream.Write(new byte[10]);
        JsonElement channel = Json("ls", "--json", "--interval", "1ms").GetProperty("channels")[0];
        Assert.Equal(("stream", "feed", false, 1), (
            channel.GetProperty("object").GetProperty("kind").GetString(), channel.GetProperty("object").GetProperty("name").GetString(),
            channel.GetProperty("stale").GetBoolean(), channel.GetProperty("participants").GetArrayLength()));
        JsonElement fill = channel.GetProperty("fill");
        Assert.Equal((10, 8192, 10, "bytes", 0.0), (
            fill.GetProperty("held").GetInt64(), fill.GetProperty("capacity").GetInt64(), fill.GetProperty("written").GetInt64(),
            fill.GetProperty("unit").GetString(), fill.GetProperty("per_second").GetDouble()));
    }

    [Fact]
    public void Clean_only_tells_until_it_is_asked_to_apply_and_leaves_what_is_in_use()
    {
        using SharedStream used = SharedStream.Create("used", Here);
        SharedStream left = SharedStream.Create("left", Here);
        left.Write(new byte[5]);
        left.Dispose();
        SharedMutex.Create("lock", new() { Directory = _directory.Root }).Dispose();
        File.WriteAllText(_directory["notes"], "precious");
        Assert.Equal(("would remove stream 'left', with 5 bytes that nobody has read\n", 0), Channel("clean"));
        Assert.Equal(("removed stream 'left', with 5 bytes that nobody has read\n", 0), Channel("clean", "--apply"));
        Assert.Equal(("", 1), Channel("clean", "--apply"));
        Assert.Equal(("removed mutex 'lock'\n", 0), Channel("clean", "--all", "--apply"));
        Assert.Equal(["notes", "used"], SharedObject.List(Here).Select(each => each.Name));
        Assert.Contains("notes", Channel("ls", "--all", "-o", "name,state,problem").Output, StringComparison.Ordinal);
        Assert.True(Json("ls", "--all", "--json").GetProperty("channels")[0].GetProperty("problem").GetString()!.Length > 0);
    }

    [Fact]
    public void Bad_input_is_refused_in_one_line()
    {
        Tool.AssertFails(2, "no column", "channel", "ls", "-o", "nonsense");
        Tool.AssertFails(2, "duration", "channel", "ls", "--interval", "soon");
        Tool.AssertFails(2, "--remove", "channel", "clean", "--remove");
    }

    private (string Output, int ExitCode) Channel(string verb, params string[] rest) => Tool.Run(["channel", verb, "--directory", _directory.Root, .. rest]);

    private JsonElement Json(string verb, params string[] rest) => System.Text.Json.JsonDocument.Parse(Channel(verb, rest).Output).RootElement;
}
