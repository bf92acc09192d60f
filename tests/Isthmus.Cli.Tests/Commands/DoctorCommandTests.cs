using System.Text.Json;

namespace Isthmus.Cli.Tests.Commands;

public sealed class DoctorCommandTests
{
    [Fact]
    public void This_machine_has_what_the_tests_need()
    {
        (string output, int exitCode) = Tool.Run("doctor", "--json");
        JsonElement[] findings = [.. System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("findings").EnumerateArray()];
        Assert.Equal(findings.Any(finding => Text(finding, "state") == "missing") ? 1 : 0, exitCode);
        string messages = File.ReadAllText("/proc/sys/fs/mqueue/msg_max").Trim();
        Assert.StartsWith($"{messages} messages of ", Text(Find("POSIX queues"), "value"), StringComparison.Ordinal);
        Assert.Equal("ok", Text(Find("kernel"), "state"));
        Assert.All(findings, finding => Assert.NotEmpty(Text(finding, "means")!));

        JsonElement Find(string name) => findings.Single(finding => Text(finding, "name") == name);
    }

    [Fact]
    public void Without_json_it_is_a_table()
    {
        string[] lines = Tool.Run("doctor").Output.Split('\n');
        Assert.StartsWith("WHAT ", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("/dev/shm ", StringComparison.Ordinal));
    }

    [Fact]
    public void Bad_input_is_refused() => Tool.AssertFails(2, "'now' is no command", "doctor", "now");

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();
}
