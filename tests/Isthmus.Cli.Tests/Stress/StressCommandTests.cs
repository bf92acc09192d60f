using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Isthmus.Cli.Stress;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Stress;

// One run at a time: each has more processes than the machine has CPUs.
[Collection("stress")]
public sealed class StressCommandTests
{
    public static TheoryData<string> Families => [.. StressCatalog.Families.Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_run_accounts_for_its_kills_and_pauses(string family)
    {
        (string output, int exitCode) = Tool.Run("stress", family, "--kills", "3", "--pauses", "2", "--seed", "7", "--json");
        Assert.True(exitCode == 0, output);
        JsonElement run = System.Text.Json.JsonDocument.Parse(output).RootElement;
        Assert.Equal((1, family, 7, 3, 2), (
            run.GetProperty("schema").GetInt32(), run.GetProperty("family").GetString(), run.GetProperty("seed").GetInt32(),
            run.GetProperty("kills").GetInt32(), run.GetProperty("pauses").GetInt32()));
        Assert.Empty(run.GetProperty("violations").EnumerateArray());
        Assert.InRange(run.GetProperty("turns").GetInt64(), 1, long.MaxValue);
        Assert.NotEmpty(run.GetProperty("figures").EnumerateObject());
        foreach (string since in new[] { "since_death", "since_kill" })
        {
            JsonElement times = run.GetProperty("recoveries").GetProperty(since);
            Assert.InRange(times.GetProperty("p99").GetInt64(), times.GetProperty("p50").GetInt64(), times.GetProperty("longest").GetInt64());
        }
    }

    [Theory]
    [InlineData("mutex", "NotTold", "the next was not told")]
    [InlineData("mutex", "Stuck", "Stuck: ")]
    [InlineData("mutex", "EndsItself", "ended by itself")]
    [InlineData("semaphore", "FromNothing", "are all held by the living")]
    [InlineData("event", "LostCapacity", "All wait, the event is not set")]
    [InlineData("condition", "NoWake", "Stuck: ")]
    [InlineData("rwlock", "NoExclusion", " writes, and ")]
    [InlineData("barrier", "NotTold", "not all have been yet")]
    [InlineData("stream", "LostUpdate", " was next")]
    [InlineData("stream", "FromNothing", " was next")]
    [InlineData("queue", "NoExclusion", "was received twice")]
    [InlineData("topic", "LostUpdate", "samples have not come, and ")]
    [InlineData("topic", "NoExclusion", "and another was given it")]
    [InlineData("request", "FromNothing", "and again by")]
    [InlineData("request", "LostUpdate", "not its own")]
    [InlineData("request", "Stuck", "Stuck: ")]
    public void What_goes_wrong_ends_the_run_with_1_and_the_seed(string family, string fault, string says)
    {
        // A death wakes all who sleep, and without any it is soon seen who is not woken.
        string kills = fault == "NotTold" ? "1000" : "0";
        (string output, int exitCode) = Tool.Run("stress", family, "--kills", kills, "--pauses", "0", "--duration", "1m", "--seed", "11", "--fault", fault);
        Assert.True(output.Contains(says, StringComparison.Ordinal), output);
        Assert.Contains("with seed 11\n", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    public async Task A_signal_ends_the_run_with_its_code_and_nothing_is_left(string signal, int exitCode)
    {
        using Process tool = Process.Start(new ProcessStartInfo(Tool.Path, ["stress", "mutex", "--duration", "1h"]) { RedirectStandardOutput = true })!;
        string[] directories = [];
        await Eventually.IsTrue(() => (directories = DirectoriesOf(tool.Id)).Length > 0 && Directory.GetFiles(directories[0]).Length > 0);
        Assert.Equal(0, Peer.Run("kill", ["-" + signal, tool.Id.ToString(CultureInfo.InvariantCulture)]).ExitCode);
        await tool.WaitForExitAsync().OrHang();
        Assert.Equal(exitCode, tool.ExitCode);
        Assert.Equal("", await tool.StandardOutput.ReadToEndAsync().OrHang());
        Assert.Empty(DirectoriesOf(tool.Id));
    }

    [Fact]
    public async Task What_a_killed_controller_leaves_is_removed_by_the_next()
    {
        using Process tool = Process.Start(new ProcessStartInfo(Tool.Path, ["stress", "mutex", "--duration", "1h"]))!;
        await Eventually.IsTrue(() => DirectoriesOf(tool.Id).Length > 0);
        tool.Kill();
        await tool.WaitForExitAsync().OrHang();
        Assert.NotEmpty(DirectoriesOf(tool.Id));
        Assert.Equal(0, Tool.Run("stress", "mutex", "--kills", "0", "--pauses", "0").ExitCode);
        Assert.Empty(DirectoriesOf(tool.Id));
    }

    [Fact]
    public void Without_kills_it_runs_for_the_duration()
    {
        (string output, int exitCode) = Tool.Run("stress", "mutex", "--kills", "0", "--pauses", "0", "--duration", "200ms", "--processes", "2");
        Assert.Equal(0, exitCode);
        Assert.Contains("violations:    none", output, StringComparison.Ordinal);
        Assert.Contains("recoveries:    0 of", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Choose from", "traffic")]
    [InlineData("equired")]
    [InlineData("--kills is a number", "mutex", "--kills", "-1")]
    [InlineData("--processes is a number from 2", "mutex", "--processes", "1")]
    [InlineData("--seed is a number", "mutex", "--seed", "x")]
    [InlineData("duration", "mutex", "--duration", "soon")]
    [InlineData("no such fault", "mutex", "--fault", "LostCapacity")]
    public void Bad_input_is_refused_in_one_line(string says, params string[] args) => Tool.AssertFails(2, says, ["stress", .. args]);

    private static string[] DirectoriesOf(int pid) => Directory.GetDirectories("/dev/shm", $"isthmus-stress-{pid}.*");
}
