using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class MutexCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedMutexOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_mutex_is_made_held_by_a_command_and_removed()
    {
        Assert.Equal(("", 0), Mutex("create", "jobs", "--max-participants", "3"));
        Fails(3, "EEXIST", "create", "jobs");
        (string text, int exitCode) = Mutex("run", "jobs", "--", "sh", "-c", $"'{Tool.Path}' mutex info jobs --json --directory '{_directory.Root}'; exit 7");
        Assert.Equal(7, exitCode);
        JsonElement held = Parse(text);
        JsonElement named = held.GetProperty("object");
        Assert.Equal(("mutex", "jobs"), (named.GetProperty("kind").GetString(), named.GetProperty("name").GetString()));
        Assert.Equal((1, true, 3), (
            held.GetProperty("schema").GetInt32(), held.GetProperty("entered").GetBoolean(), held.GetProperty("max_participants").GetInt32()));
        Assert.Equal("Isthmus.Cli", held.GetProperty("owner").GetProperty("name").GetString());
        JsonElement only = Assert.Single(held.GetProperty("participants").EnumerateArray());
        Assert.Equal(held.GetProperty("owner").GetProperty("pid").GetInt32(), only.GetProperty("process").GetProperty("pid").GetInt32());
        Assert.True(only.GetProperty("alive").GetBoolean());
        JsonElement free = Info();
        Assert.Equal((false, JsonValueKind.Null), (free.GetProperty("entered").GetBoolean(), free.GetProperty("owner").ValueKind));
        Assert.Empty(free.GetProperty("participants").EnumerateArray());
        Assert.Contains("state:         free", Mutex("info", "jobs").Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), Mutex("unlink", "jobs"));
        Fails(3, "ENOENT", "info", "jobs");
    }

    [Fact]
    public void A_fair_one_is_told_as_such()
    {
        Assert.Equal(("", 0), Mutex("create", "jobs", "--fair"));
        Assert.True(Info().GetProperty("fair").GetBoolean());
        Assert.Contains("free, fair", Mutex("info", "jobs").Output, StringComparison.Ordinal);
        Assert.Equal(("in\n", 0), Mutex("run", "jobs", "--", "echo", "in"));
    }

    [Fact]
    public void Run_ends_as_the_command_ends_and_leaves_the_mutex_free()
    {
        using SharedMutex mutex = SharedMutex.Create("jobs", Options);
        Assert.Equal(("", 143), Mutex("run", "jobs", "--", "sh", "-c", "kill -TERM $$"));
        Fails(127, "no-such-command", "run", "jobs", "--", "no-such-command");
        Fails(126, "EACCES", "run", "jobs", "--", "/etc/passwd");
        Fails(127, "no name", "run", "jobs", "--", "");
        Fails(125, "ENOENT", "run", "other", "--", "true");
        Assert.Equal(("made\n", 0), Mutex("run", "other", "--create", "--", "echo", "made"));
        Assert.True(mutex.TryEnter(out SharedMutexScope scope));
        Assert.False(scope.IsAbandoned);
        scope.Dispose();
    }

    [Fact]
    public async Task Run_waits_and_gives_up_with_124_and_info_tells_who_waits()
    {
        using SharedMutex mutex = SharedMutex.Create("jobs", Options);
        SharedMutexScope scope = mutex.Enter();
        Fails(124, $"{Environment.ProcessId} (", "run", "jobs", "--timeout", "20ms", "--", "echo", "no");
        Fails(124, "Timed out", "run", "jobs", "--timeout", "0", "--", "echo", "no");
        Task<(string Output, int ExitCode)> waiting = Task.Run(() => Mutex("run", "jobs", "--", "echo", "late"));
        await Eventually.IsTrue(() => Info().GetProperty("waiters").GetInt32() == 1);
        Assert.Contains($"owned by {Environment.ProcessId}", Mutex("info", "jobs").Output, StringComparison.Ordinal);
        scope.Dispose();
        Assert.Equal(("late\n", 0), await waiting.OrHang());
    }

    [Fact]
    public void The_death_of_the_tool_is_told_until_a_command_has_succeeded()
    {
        SharedMutex.Create("jobs", Options).Dispose();
        Assert.Equal(137, Mutex("run", "jobs", "--", "sh", "-c", "kill -KILL $PPID").ExitCode);
        Assert.Contains("dead", Mutex("info", "jobs").Output, StringComparison.Ordinal);
        (string output, int exitCode) = Mutex("run", "jobs", "--", "sh", "-c", "echo told $ISTHMUS_ABANDONED; exit 5");
        Assert.Equal(5, exitCode);
        Assert.Contains("told 1\n", output, StringComparison.Ordinal);
        Assert.Contains("An owner died", output, StringComparison.Ordinal);
        Assert.True(Info().GetProperty("abandoned").GetBoolean());
        Assert.Contains("abandoned", Mutex("info", "jobs").Output, StringComparison.Ordinal);
        Assert.Contains("told 1\n", Mutex("run", "jobs", "--", "sh", "-c", "echo told $ISTHMUS_ABANDONED").Output, StringComparison.Ordinal);
        Assert.Equal(("told nothing\n", 0), Mutex("run", "jobs", "--", "sh", "-c", "echo told ${ISTHMUS_ABANDONED-nothing}"));
    }

    [Fact]
    public void A_mutex_that_is_unusable_is_told_as_such()
    {
        using (SharedMutex mutex = SharedMutex.Create("jobs", Options))
        {
            using (SharedMutex dying = SharedMutex.Open("jobs", Options))
            {
                dying.Enter();
            }
            mutex.Enter().Dispose();
        }
        Assert.Contains("unusable", Mutex("info", "jobs").Output, StringComparison.Ordinal);
        Fails(125, "ENOTRECOVERABLE", "run", "jobs", "--", "true");
    }

    [Fact]
    public void What_is_no_mutex_is_refused_and_only_force_removes_it()
    {
        File.WriteAllBytes(_directory["garbage"], new byte[100_000]);
        File.SetUnixFileMode(_directory["garbage"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(_directory["empty"], []);
        File.CreateSymbolicLink(_directory["link"], _directory["garbage"]);
        Directory.CreateDirectory(_directory["folder"]);
        Fails(3, "does not begin with ISTHMUS", "info", "garbage");
        Fails(125, "does not begin with ISTHMUS", "run", "garbage", "--", "true");
        Fails(3, "fewer than any segment", "info", "empty");
        Fails(3, "ELOOP", "info", "link");
        Fails(3, "directory", "info", "folder");
        Fails(3, "EEXIST", "create", "garbage");
        Fails(3, "does not begin with ISTHMUS", "unlink", "garbage");
        Assert.Equal(("", 0), Mutex("unlink", "garbage", "--force"));
        Assert.False(File.Exists(_directory["garbage"]));
    }

    [Theory]
    [InlineData(2, "is no name", "create", "a/b")]
    [InlineData(2, "is no name", "info", ".hidden")]
    [InlineData(2, "is no name", "unlink", "")]
    [InlineData(125, "is no name", "run", "..", "--", "true")]
    [InlineData(2, "from 1 to 1000", "create", "x", "--max-participants", "0")]
    [InlineData(2, "octal", "create", "x", "--mode", "9")]
    [InlineData(2, "read and write", "create", "x", "--mode", "0400")]
    [InlineData(125, "duration", "run", "x", "--timeout", "soon", "--", "true")]
    [InlineData(125, "equired", "run", "x")]
    [InlineData(2, "not empty", "create", "x", "--directory", "")]
    public void Bad_input_is_refused_in_one_line(int exitCode, string says, params string[] args) =>
        Tool.AssertFails(exitCode, says, ["mutex", .. args]);

    [Fact]
    public void A_directory_that_does_not_exist_is_told() => Tool.AssertFails(3, "ENOENT", "mutex", "create", "x", "--directory", "/nowhere");

    private static JsonElement Parse(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement;

    private (string Output, int ExitCode) Mutex(string verb, string name, params string[] rest) =>
        Tool.Run(["mutex", verb, name, "--directory", _directory.Root, .. rest]);

    private void Fails(int exitCode, string says, string verb, string name, params string[] rest) =>
        Tool.AssertFails(exitCode, says, ["mutex", verb, name, "--directory", _directory.Root, .. rest]);

    private JsonElement Info() => Parse(Mutex("info", "jobs", "--json").Output);
}
