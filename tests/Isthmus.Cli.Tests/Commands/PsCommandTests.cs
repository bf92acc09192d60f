using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

public sealed class PsCommandTests
{
    [Fact]
    public void A_process_is_listed_with_its_facts()
    {
        using Actor actor = Actor.Python("say(1); ask()", "an argument");
        Assert.Equal("1", actor.ReadLine());
        JsonElement process = Assert.Single(Processes("ps", "--pid", Text(actor.Id), "--json"));
        Assert.Equal(actor.Id, process.GetProperty("process").GetProperty("pid").GetInt32());
        Assert.Equal(ProcessIdentity.Of(actor.Id).StartTime, process.GetProperty("process").GetProperty("start").GetInt64());
        Assert.Equal(Environment.ProcessId, process.GetProperty("parent_pid").GetInt32());
        Assert.Equal("an argument", process.GetProperty("command").EnumerateArray().Last().GetString());
        Assert.Equal(Directory.GetFileSystemEntries($"/proc/{actor.Id}/fd").Length, process.GetProperty("descriptors").GetInt32());
        Assert.Equal((1, false), (process.GetProperty("threads").GetInt32(), process.GetProperty("dotnet").GetBoolean()));
    }

    [Fact]
    public void A_tree_puts_children_below_their_parents()
    {
        using Actor actor = Actor.Python("""
            def child(): say(2, fork(hold)); hold()
            say(1, fork(child)); hold()
            """);
        // Either may speak first, and numbers begin again after the highest.
        int[] ids = [.. new[] { actor.ReadNumbers(), actor.ReadNumbers() }.OrderBy(told => told[0]).Select(told => told[1])];
        (string text, int exitCode) = Tool.Run("ps", "--tree", "--pid", Text(actor.Id), "-o", "pid,name");
        Assert.Equal(0, exitCode);
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains(ids[0] + "  └─ ", lines[2], StringComparison.Ordinal);
        Assert.Contains(ids[1] + "     └─ ", lines[3], StringComparison.Ordinal);
        Assert.Single(Processes("ps", "--pid", Text(actor.Id), "--json"));
        Assert.Equal(3, Processes("ps", "--tree", "--pid", Text(actor.Id), "--json").Length);
    }

    [Fact]
    public void Users_and_names_filter()
    {
        using Actor actor = Actor.Python("say(1); ask()");
        Assert.Equal("1", actor.ReadLine());
        Assert.Contains(Processes("ps", "--name", "python*", "--json"), IsActor);
        Assert.Contains(Processes("ps", "--user", Environment.UserName, "--json"), IsActor);
        Assert.DoesNotContain(Processes("ps", "--name", "no-such-*", "--json"), IsActor);
        Assert.DoesNotContain(Processes("ps", "--json"), each => each.GetProperty("kernel_thread").GetBoolean());

        bool IsActor(JsonElement each) => each.GetProperty("process").GetProperty("pid").GetInt32() == actor.Id;
    }

    [Theory]
    [InlineData(2, "no column", "ps", "-o", "pid,no")]
    [InlineData(2, "--pid is a number from 1", "ps", "--pid", "x")]
    [InlineData(2, "no user 'nosuch'", "ps", "--user", "nosuch")]
    public void Bad_input_is_refused_in_one_line(int exitCode, string says, params string[] args) => Tool.AssertFails(exitCode, says, args);

    [Fact]
    public void A_process_that_is_not_there_is_an_expected_no() => Assert.Equal(1, Tool.Run("ps", "--pid", "2147483647").ExitCode);

    private static JsonElement[] Processes(params string[] args)
    {
        (string text, int exitCode) = Tool.Run(args);
        Assert.True(exitCode is 0 or 1, text);
        return [.. System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("processes").EnumerateArray()];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
