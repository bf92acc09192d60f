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
    public void When_all_places_are_taken_it_ends_with_1_and_names_the_option()
    {
        using SharedQueue queue = SharedQueue.Create("it", new() { Directory = _directory.Root, MaxProducers = 1, MaxConsumers = 1 });
        using QueueProducer producer = queue.CreateProducer();
        using QueueConsumer consumer = queue.CreateConsumer();
        Fails(1, "make it with a higher --max-producers.", "send");
        Fails(1, "make it with a higher --max-consumers.", "receive");
    }

    [Fact]
    public void Directory_that_others_may_write_names_the_option()
    {
        Assert.Equal(("", 0), Queue("create"));
        File.SetUnixFileMode(_directory.Root, (UnixFileMode)0x1FF);
        Fails(3, "Use another one, or give --any-owner.", "info");
        Assert.Equal(0, Queue("info", "--any-owner").ExitCode);
    }

    [Fact]
    public void Info_tells_rules_and_fill()
    {
        Assert.Equal(("", 0), Queue("create", "--max-message", "100K", "--max-producers", "3", "--when-full", "drop-oldest"));
        Assert.Equal(("", 0), Shell("printf abc | ISTHMUS queue send it DIR"));
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(Queue("info", "--json").Output);
        JsonElement info = document.RootElement;
        Assert.Equal(262144, info.GetProperty("lane_capacity").GetInt32());
        Assert.Equal((3, 0, "drop-oldest"), (
            info.GetProperty("max_producers").GetInt32(), info.GetProperty("producers").GetInt32(), info.GetProperty("when_full").GetString()));
        Assert.Equal(16, Assert.Single(info.GetProperty("lanes").EnumerateArray()).GetProperty("waiting_bytes").GetInt32());
        Assert.Contains("16 of 262144 bytes used, 16 waiting", Queue("info").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_dropped_is_counted_and_the_rest_is_sent_and_the_queue_closed()
    {
        Assert.Equal(("", 0), Queue("create", "--capacity", "4K", "--when-full", "drop-newest"));
        (string output, int exitCode) = Shell("seq 1 1000 | ISTHMUS queue send it DIR --lines --close 2>&1");
        Assert.Contains("was full: 745 messages were dropped.", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        Assert.Equal(("255\n", 0), Shell("ISTHMUS queue receive it DIR --follow | tail -1"));
    }

    [Fact]
    public void What_nobody_reads_any_more_is_neither_taken_nor_acknowledged()
    {
        Assert.Equal(("", 0), Queue("create", "--capacity", "2M", "--max-producers", "1", "--acknowledge"));
        // More than the pipe holds, after which its reader ends.
        Assert.Equal(("", 0), Shell("seq -f %01000g 1 1000 | ISTHMUS queue send it DIR --lines"));
        Assert.Equal("0", Shell("ISTHMUS queue receive it DIR --follow 2> /dev/null | head -c 1").Output);
        (string output, int exitCode) = Shell("ISTHMUS queue receive it DIR --follow --timeout 0 2> /dev/null | sort | tail -1");
        Assert.EndsWith("1000\n", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Fails(1, "Timed out", "receive", "--timeout", "0");
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
