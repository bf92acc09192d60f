using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

public sealed class WhyCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_chain_is_told_in_plain_words_and_as_json()
    {
        using Actor actor = Actor.Python("""
            def holder():
                file = open(sys.argv[1], "w"); fcntl.flock(file, fcntl.LOCK_EX); os.write(ready[1], b"x"); os.kill(os.getpid(), signal.SIGSTOP)
            ready = os.pipe(); first = fork(holder); os.read(ready[0], 1)
            say(first, fork(lambda: fcntl.flock(open(sys.argv[1], "w"), fcntl.LOCK_EX))); hold()
            """, _directory["x"]);
        int[] ids = actor.ReadNumbers();
        string name = File.ReadAllText($"/proc/{ids[0]}/comm").TrimEnd('\n');
        string expected = $"{ids[1]} ({name}) waits for the flock on {_directory["x"]} held by {ids[0]} ({name}), which is stopped.";
        string text = "";
        await Eventually.IsTrue(() => (text = Tool.Run("why", Text(ids[1])).Output).StartsWith(expected, StringComparison.Ordinal));

        (string json, int exitCode) = Tool.Run("why", Text(ids[1]), "--json");
        Assert.Equal(0, exitCode);
        JsonElement root = System.Text.Json.JsonDocument.Parse(json).RootElement;
        JsonElement chain = Assert.Single(root.GetProperty("chains").EnumerateArray());
        Assert.Equal(("stopped", expected), (chain.GetProperty("end").GetString(), chain.GetProperty("text").GetString()));
        Assert.Equal(ids[0], chain.GetProperty("culprit").GetProperty("pid").GetInt32());
        JsonElement[] steps = [.. chain.GetProperty("steps").EnumerateArray()];
        Assert.Equal(["file_lock", "stopped"], steps.Select(step => step.GetProperty("wait").GetString()));
        Assert.Equal(_directory["x"], steps[0].GetProperty("object").GetProperty("name").GetString());
        Assert.Equal("flock", steps[0].GetProperty("call").GetString());
        Assert.Equal(ids[0], steps[0].GetProperty("holders")[0].GetProperty("process").GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task A_deadlock_is_named_and_found_without_a_process()
    {
        using Actor actor = Actor.Python("""
            one, two = os.pipe(), os.pipe()
            def body(read, write, keep):
                for fd in (*one, *two):
                    if fd not in (read, keep): os.close(fd)
                os.read(read, 1)
            ids = fork(lambda: body(one[0], two[0], two[1])), fork(lambda: body(two[0], one[0], one[1]))
            for fd in (*one, *two): os.close(fd)
            say(*ids); hold()
            """);
        int[] ids = actor.ReadNumbers();
        string text = "";
        await Eventually.IsTrue(() => (text = Tool.Run("why", Text(ids[0])).Output).Contains(": a deadlock of 2 processes.\n", StringComparison.Ordinal));
        (string all, int exitCode) = Tool.Run("why", "--json");
        Assert.Equal(0, exitCode);
        JsonElement root = System.Text.Json.JsonDocument.Parse(all).RootElement;
        Assert.Equal(JsonValueKind.Null, root.GetProperty("process").ValueKind);
        Assert.Contains(root.GetProperty("chains").EnumerateArray(), chain => chain.GetProperty("end").GetString() == "deadlock"
            && chain.GetProperty("cycle").EnumerateArray().Select(each => each.GetProperty("pid").GetInt32()).Order().SequenceEqual(ids.Order()));
        (all, exitCode) = Tool.Run("why");
        Assert.Equal(0, exitCode);
        Assert.Contains($"{ids.Min()} (", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_await_each_other_are_told_among_the_deadlocks_as_what_may_be_one()
    {
        using TemporaryName one = new();
        using TemporaryName two = new();
        using SharedMutex first = SharedMutex.Create(one);
        using SharedMutex second = SharedMutex.Create(two);
        using Child left = Child.Start(Await, one, two);
        using Child right = Child.Start(Await, two, one);
        Assert.Equal(("in", "in"), (left.ReadLine(), right.ReadLine()));
        left.WriteLine("go");
        right.WriteLine("go");
        JsonElement circle = default;
        await Eventually.IsTrue(() =>
        {
            JsonElement all = System.Text.Json.JsonDocument.Parse(Tool.Run("why", "--json").Output).RootElement;
            circle = all.GetProperty("chains").EnumerateArray().FirstOrDefault(
                each => each.GetProperty("culprit").GetProperty("pid").GetInt32() is int pid && (pid == left.Id || pid == right.Id));
            return circle.ValueKind == JsonValueKind.Object;
        });
        Assert.Equal("circle", circle.GetProperty("end").GetString());
        IEnumerable<int> ids = circle.GetProperty("cycle").EnumerateArray().Select(each => each.GetProperty("pid").GetInt32());
        Assert.Equal(new[] { left.Id, right.Id }.Order(), ids.Order());
        string text = circle.GetProperty("text").GetString()!;
        Assert.EndsWith(": a circle of 2 processes, a deadlock unless another part of one of them lets go.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runtimes_own_threads_are_left_out_unless_asked_for()
    {
        string self = Text(Environment.ProcessId);
        Assert.DoesNotContain("(.NET Finalizer)", Tool.Run("why", self).Output, StringComparison.Ordinal);
        Assert.Contains("(.NET Finalizer)", Tool.Run("why", self, "--all", "--json").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "no process 2147483647", "why", "2147483647")]
    [InlineData(2, "isthmus why --help", "why", "pipe:4")]
    [InlineData(2, "isthmus why --help", "why", "1", "2")]
    public void Bad_input_is_refused_in_one_line(int exitCode, string says, params string[] args) => Tool.AssertFails(exitCode, says, args);

    private static void Await(string[] args)
    {
        using SharedMutexScope own = SharedMutex.Open(args[0]).Enter();
        using SharedMutex other = SharedMutex.Open(args[1]);
        Console.WriteLine("in");
        Console.ReadLine();
        other.EnterAsync().AsTask().GetAwaiter().GetResult().Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
