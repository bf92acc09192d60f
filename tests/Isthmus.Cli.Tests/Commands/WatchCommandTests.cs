using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

/// <summary>Without a terminal it prints look after look.</summary>
public sealed class WatchCommandTests
{
    [Fact]
    public async Task Json_is_a_line_for_each_look_with_what_moves()
    {
        using Actor actor = Actor.Python("""
            listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen(); ready = os.pipe()
            def sender():
                peer = socket.create_connection(listener.getsockname()); listener.close(); null = open("/dev/null", "wb", 0)
                os.write(ready[1], b"x")
                while True:
                    peer.sendall(b"x" * 10000); null.write(b"y" * 1000); time.sleep(0.001)
            child = fork(sender)
            taker, _ = listener.accept(); listener.close(); os.read(ready[0], 1)
            say(child)
            while taker.recv(65536): pass
            """);
        int child = actor.ReadNumber();
        // Between two looks the sender need not have run.
        await Eventually.IsTrue(() =>
        {
            JsonElement look = SecondLook("watch", "tcp", "--pid", Text(child), "--json", "--count", "2", "--interval", "200ms");
            Assert.Equal(1, look.GetProperty("schema").GetInt32());
            Assert.True(look.GetProperty("interval").GetInt64() > 0);
            Assert.Equal(
                new[] { actor.Id, child }.Order(),
                look.GetProperty("processes").EnumerateArray().Select(PidOf).Order());
            JsonElement process = look.GetProperty("processes").EnumerateArray().Single(each => PidOf(each) == child);
            Assert.True(process.GetProperty("cpu").GetDouble() >= 0);
            JsonElement edge = Assert.Single(look.GetProperty("edges").EnumerateArray());
            Assert.Equal(("tcp", "bytes", "none"), (
                edge.GetProperty("object").GetProperty("kind").GetString(), edge.GetProperty("unit").GetString(), edge.GetProperty("blocked").GetString()));
            Assert.Equal(2, edge.GetProperty("ends").GetArrayLength());
            return process.GetProperty("written").GetDouble() > 0 && edge.GetProperty("rate").GetDouble() > 0;
        });
    }

    [Fact]
    public async Task What_goes_through_a_channel_of_ours_is_told_with_how_full_it_is()
    {
        using TemporaryName name = new();
        using SharedStream stream = SharedStream.Create(name, new() { CapacityBytes = 4096 });
        stream.Write(new byte[1024]);
        JsonElement edge = default;
        // A child that another test has just made has our memory until it runs its own program.
        await Eventually.IsTrue(() =>
        {
            JsonElement look = Parse(Tool.Run("watch", "segment", "--name", name, "--json", "--count", "1", "--interval", "50ms").Output);
            edge = Assert.Single(look.GetProperty("edges").EnumerateArray());
            return edge.GetProperty("ends").GetArrayLength() == 1;
        });
        Assert.Equal((1024, 8192, 0.0), (
            edge.GetProperty("fill").GetInt64(), edge.GetProperty("capacity").GetInt64(), edge.GetProperty("rate").GetDouble()));
        Assert.Equal(Environment.ProcessId, PidOf(Assert.Single(edge.GetProperty("ends").EnumerateArray())));
    }

    [Fact]
    public async Task Who_is_stuck_is_told_with_the_reason()
    {
        using TemporaryDirectory directory = new();
        using Actor actor = Actor.Python("""
            def holder():
                file = open(sys.argv[1], "w"); fcntl.flock(file, fcntl.LOCK_EX); os.write(ready[1], b"x"); os.kill(os.getpid(), signal.SIGSTOP)
            ready = os.pipe(); first = fork(holder); os.read(ready[0], 1)
            say(first, fork(lambda: fcntl.flock(open(sys.argv[1], "w"), fcntl.LOCK_EX))); hold()
            """, directory["x"]);
        int[] ids = actor.ReadNumbers();
        JsonElement look = default;
        await Eventually.IsTrue(() =>
        {
            look = Parse(Tool.Run("watch", "lock", "--pid", Text(ids[1]), "--json", "--count", "1", "--interval", "50ms").Output);
            return look.GetProperty("stuck").GetArrayLength() > 0;
        });
        JsonElement stuck = look.GetProperty("stuck").EnumerateArray().First(each => each.GetProperty("steps")[0].GetProperty("process")
            .GetProperty("pid").GetInt32() == ids[1]);
        Assert.Equal(("stopped", ids[0]), (stuck.GetProperty("end").GetString(), stuck.GetProperty("culprit").GetProperty("pid").GetInt32()));
        JsonElement edge = Assert.Single(look.GetProperty("edges").EnumerateArray());
        Assert.Equal("stuck", edge.GetProperty("blocked").GetString());
        Assert.Equal(
            [(ids[0], "holds"), (ids[1], "waits")],
            edge.GetProperty("ends").EnumerateArray().Select(end => (
                end.GetProperty("process").GetProperty("pid").GetInt32(), end.GetProperty("roles").EnumerateArray().Last().GetString())));
        string text = Tool.Run("watch", "lock", "--pid", Text(ids[1]), "--once", "--interval", "50ms").Output;
        Assert.Contains($"{ids[1]} (", text, StringComparison.Ordinal);
        Assert.Contains(", which is stopped.\n", text, StringComparison.Ordinal);
        Assert.Contains("BLOCKED", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_any_more()
    {
        using ChildProcess shell = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Peer.Require("bash"),
            Arguments = ["-c", "\"$0\" watch --json --interval 50ms 2>/dev/null | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}", Tool.Path],
        });
        Assert.False((await shell.WaitAsync().OrHang()).IsSuccess);
    }

    [Theory]
    [InlineData(2, "no kind of object", "watch", "nonsense")]
    [InlineData(2, "--interval is at least 50ms", "watch", "--interval", "1ms")]
    [InlineData(2, "no duration", "watch", "--interval", "soon")]
    [InlineData(2, "Give either --once or --count", "watch", "--once", "--count", "3")]
    [InlineData(2, "There is no column 'colour'", "watch", "--sort", "colour")]
    [InlineData(2, "--count is a number", "watch", "--count", "0")]
    [InlineData(2, "--pid is a number", "watch", "--pid", "x")]
    [InlineData(2, "no user 'nosuch'", "watch", "--user", "nosuch")]
    [InlineData(1, "There is no process 2147483647", "watch", "--pid", "2147483647", "--once")]
    public void Bad_input_is_refused_in_one_line(int exitCode, string says, params string[] args) => Tool.AssertFails(exitCode, says, args);

    private static JsonElement SecondLook(params string[] args)
    {
        (string output, int exitCode) = Tool.Run(args);
        Assert.Equal(0, exitCode);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        return Parse(lines[1]);
    }

    private static int PidOf(JsonElement each) => each.GetProperty("process").GetProperty("pid").GetInt32();

    private static JsonElement Parse(string line) => System.Text.Json.JsonDocument.Parse(line).RootElement;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
