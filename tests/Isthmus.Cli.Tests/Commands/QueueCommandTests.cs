using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

/// <summary><c>isthmus queue</c>.</summary>
public sealed class QueueCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Messages_are_sent_and_received()
    {
        Assert.Equal(("", 0), Queue("create", "--priorities", "2"));
        Fails(3, "EEXIST", "create");
        Assert.Equal(("", 0), Shell("printf 'whole\\nmessage' | ISTHMUS queue send it DIR"));
        Assert.Equal(("", 0), Shell("printf 'a\\nb\\n' | ISTHMUS queue send it DIR --lines --priority 1"));
        Assert.Equal(("a\nb\n", 0), Queue("receive", "--count", "2"));
        Assert.Equal(("whole\nmessage", 0), Queue("receive"));
        Fails(1, "Timed out", "receive", "--timeout", "0");
        Fails(1, "Timed out", "receive", "--timeout", "20ms");
        Fails(2, "acknowledge", "receive", "--ack");
        Fails(2, "priorities 0 to 1", "send", "--priority", "2");
        Fails(2, "exclude", "send", "--lines", "-0");
        Assert.Equal(("", 0), Queue("unlink"));
        Fails(3, "ENOENT", "info");
    }

    [Fact]
    public void Closed_queue_ends_those_who_follow()
    {
        Assert.Equal(("", 0), Queue("create", "--acknowledge"));
        Assert.Equal(("", 0), Shell("printf 'a\\nb\\n' | ISTHMUS queue send it DIR --lines --close"));
        Assert.Equal(("a\nb\n", 0), Queue("receive", "--follow", "--ack"));
        Fails(1, "closed, and empty", "receive");
        (string output, int exitCode) = Shell("echo c | ISTHMUS queue send it DIR 2>&1");
        Assert.Equal(1, exitCode);
        Assert.Contains("closed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_queue_and_long_messages_are_told()
    {
        Assert.Equal(("", 0), Queue("create", "--capacity", "4096", "--when-full", "fail"));
        (string output, int exitCode) = Shell("head -c 3000 /dev/zero | ISTHMUS queue send it DIR 2>&1");
        Assert.Equal(2, exitCode);
        Assert.Contains("at most 2040 bytes", output, StringComparison.Ordinal);
        Assert.Equal(("", 0), Shell("head -c 2040 /dev/zero | ISTHMUS queue send it DIR"));
        (output, exitCode) = Shell("head -c 2040 /dev/zero | ISTHMUS queue send it DIR --timeout 0 2>&1");
        Assert.Equal(1, exitCode);
        Assert.Contains("full", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_tells_rules_and_fill()
    {
        Assert.Equal(("", 0), Queue("create", "--max-message", "100000", "--max-producers", "3", "--when-full", "drop-oldest"));
        Assert.Equal(("", 0), Shell("printf abc | ISTHMUS queue send it DIR"));
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(Queue("info", "--json").Output);
        JsonElement info = document.RootElement;
        Assert.Equal(262144, info.GetProperty("lane_capacity").GetInt32());
        Assert.Equal((3, 0, "drop-oldest"), (
            info.GetProperty("max_producers").GetInt32(), info.GetProperty("producers").GetInt32(), info.GetProperty("when_full").GetString()));
        Assert.Equal(16, Assert.Single(info.GetProperty("lanes").EnumerateArray()).GetProperty("waiting_bytes").GetInt32());
        Assert.Contains("16 of 262144 bytes used, 16 waiting", Queue("info").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--capacity", "5000")]
    [InlineData("--capacity", "4")]
    [InlineData("--when-full", "burst")]
    [InlineData("--max-producers", "0")]
    public void Bad_numbers_are_usage(string option, string value) => Assert.Equal(2, Queue("create", option, value).ExitCode);

    private void Fails(int exitCode, string message, params string[] arguments) =>
        Tool.AssertFails(exitCode, message, ["queue", arguments[0], "it", "--directory", _directory.Root, .. arguments[1..]]);

    private (string Output, int ExitCode) Queue(string verb, params string[] arguments) =>
        Tool.Run(["queue", verb, "it", "--directory", _directory.Root, .. arguments]);

    private (string Output, int ExitCode) Shell(string line) => Peer.Run(
        "sh",
        [
            "-c",
            line.Replace("ISTHMUS", $"'{Tool.Path}'", StringComparison.Ordinal)
                .Replace("DIR", $"--directory '{_directory.Root}'", StringComparison.Ordinal),
        ]);
}
