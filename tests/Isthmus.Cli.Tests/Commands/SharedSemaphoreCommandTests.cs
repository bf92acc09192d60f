using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

/// <summary><c>isthmus semaphore</c> with a bare word.</summary>
public sealed class SharedSemaphoreCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedObjectOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_plain_one_is_made_used_and_removed()
    {
        Assert.Equal(("", 0), Semaphore("create", "--value", "2", "--max", "3"));
        Fails(3, "EEXIST", "create");
        Assert.Equal(("", 0), Semaphore("acquire"));
        Assert.Equal(("", 0), Semaphore("acquire", "--timeout", "0"));
        Fails(1, "Timed out", "acquire", "--timeout", "0");
        Fails(1, "Timed out", "acquire", "--timeout", "20ms");
        Assert.Equal(("", 0), Semaphore("release", "--units", "2"));
        Fails(3, "maximum of 3", "release", "--units", "2");
        JsonElement info = Info();
        Assert.Equal(("semaphore", 2, 3, false), (
            info.GetProperty("object").GetProperty("kind").GetString(), info.GetProperty("value").GetInt32(),
            info.GetProperty("max_value").GetInt32(), info.GetProperty("owner_tracked").GetBoolean()));
        Assert.Contains("value:         2 of 3\n", Semaphore("info").Output, StringComparison.Ordinal);
        Assert.Equal(("1\n", 4), Semaphore(
            "run", "--", "sh", "-c",
            $"'{Tool.Path}' semaphore info it --directory '{_directory.Root}' --json | grep -c '\"value\": 1'; exit 4"));
        Assert.Equal(2, Info().GetProperty("value").GetInt32());
        Assert.Equal(("", 0), Semaphore("unlink"));
        Fails(3, "ENOENT", "info");
    }

    [Fact]
    public void An_owner_tracked_one_is_held_by_run_and_comes_back_when_that_is_killed()
    {
        Assert.Equal(("", 0), Semaphore("create", "--value", "1", "--owner-tracked"));
        Fails(2, "semaphore run", "acquire");
        Fails(2, "only who holds", "release");
        (string text, int exitCode) = Semaphore("run", "--", Tool.Path, "semaphore", "info", "it", "--directory", _directory.Root, "--json");
        Assert.Equal(0, exitCode);
        JsonElement holder = Assert.Single(System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("holders").EnumerateArray());
        Assert.Equal((1, "Isthmus.Cli"), (holder.GetProperty("count").GetInt32(), holder.GetProperty("process").GetProperty("name").GetString()));
        Assert.Equal(124, Semaphore(
            "run", "--", Tool.Path, "semaphore", "run", "it", "--directory", _directory.Root, "--timeout", "20ms", "--", "true").ExitCode);
        Assert.Equal(137, Semaphore("run", "--", "sh", "-c", "kill -KILL $PPID").ExitCode);
        Assert.Equal(("back\n", 0), Semaphore("run", "--timeout", "1m", "--", "echo", "back"));
    }

    [Fact]
    public void Run_ends_as_the_command_ends_and_gives_the_unit_back()
    {
        Assert.Equal(("", 0), Semaphore("create"));
        Fails(127, "no-such-command", "run", "--", "no-such-command");
        Fails(126, "EACCES", "run", "--", "/etc/passwd");
        Fails(127, "no name", "run", "--", "");
        Assert.Equal(("", 143), Semaphore("run", "--", "sh", "-c", "kill -TERM $$"));
        Assert.Equal(1, Info().GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task Acquire_waits_for_a_release()
    {
        using SharedSemaphore semaphore = SharedSemaphore.Create("it", 0, 1, new() { Directory = _directory.Root });
        Task<(string Output, int ExitCode)> waiting = Task.Run(() => Semaphore("acquire", "--timeout", "1m"));
        await Eventually.IsTrue(() => Info().GetProperty("waiters").GetInt32() == 1);
        semaphore.Release();
        Assert.Equal(("", 0), await waiting.OrHang());
    }

    [Fact]
    public void Bad_input_is_refused_with_what_to_do()
    {
        SharedEvent.Create("event", EventResetMode.AutoReset, new() { Directory = _directory.Root }).Dispose();
        Tool.AssertFails(3, "is of the kind event (10), not semaphore (11)", "semaphore", "info", "event", "--directory", _directory.Root);
        Tool.AssertFails(3, "is of the kind event (10), not semaphore (11)", "semaphore", "unlink", "event", "--directory", _directory.Root);
        Tool.AssertFails(125, "is of the kind event", "semaphore", "run", "event", "--directory", _directory.Root, "--", "true");
        Fails(2, "a semaphore of Isthmus is one", "create", "--count", "2");
        Fails(2, "a semaphore of Isthmus is one", "create", "--value", "1,2");
        Fails(2, "all its permits", "create", "--owner-tracked", "--value", "1", "--max", "2");
        Fails(2, "initialCount", "create", "--value", "3", "--max", "2");
        Assert.Equal(("", 0), Semaphore("create"));
        Fails(2, "--index and --op are for System V", "acquire", "--index", "0");
        Tool.AssertFails(2, "for semaphores of Isthmus", "semaphore", "create", "/x", "--owner-tracked");
        Tool.AssertFails(2, "for semaphores of Isthmus", "semaphore", "create", "0x0", "--max", "3");
        Tool.AssertFails(2, "is no name", "semaphore", "info", ".x");
    }

    private (string Output, int ExitCode) Semaphore(string verb, params string[] rest) =>
        Tool.Run(["semaphore", verb, "it", "--directory", Options.Directory!, .. rest]);

    private void Fails(int exitCode, string says, string verb, params string[] rest) =>
        Tool.AssertFails(exitCode, says, ["semaphore", verb, "it", "--directory", Options.Directory!, .. rest]);

    private JsonElement Info() => System.Text.Json.JsonDocument.Parse(Semaphore("info", "--json").Output).RootElement;
}
