using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class LockCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["lock"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Run_makes_the_file_and_ends_as_the_command_ends()
    {
        Assert.Equal(("held\n", 0), Tool.Run("lock", "run", Name, "--", "sh", "-c", "echo held"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Name));
        Assert.Equal(("", 7), Tool.Run("lock", "run", Name, "--", "sh", "-c", "exit 7"));
        Assert.Equal(("", 143), Tool.Run("lock", "run", Name, "--", "sh", "-c", "kill -TERM $$"));
        Tool.AssertFails(127, "no-such-command", "lock", "run", Name, "--", "no-such-command");
        Tool.AssertFails(126, "EACCES", "lock", "run", Name, "--", "/etc/passwd");
    }

    [Theory]
    [InlineData("ofd", FileLockKind.Ofd)]
    [InlineData("posix", FileLockKind.Posix)]
    [InlineData("flock", FileLockKind.Flock)]
    public void The_lock_is_held_while_the_command_runs_and_the_command_does_not_inherit_it(string name, FileLockKind kind)
    {
        using FileLock ours = FileLock.OpenOrCreate(Name, new() { Kind = kind });
        // A command that tells its parent's locks, and leaves a child running.
        (string text, int exitCode) = Tool.Run(
            "lock", "run", Name, "--kind", name, "--", "sh", "-c", $"'{Tool.Path}' lock info '{Name}'; sleep 1000 >&- 2>&- & echo $!");
        Assert.Equal(0, exitCode);
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.Contains($"{name,-5} exclusive 0:", lines[2], StringComparison.Ordinal);
        Assert.Contains("(isthmus", lines[2], StringComparison.OrdinalIgnoreCase);
        Assert.Equal(4, lines.Length);
        Assert.True(ours.TryAcquire());
        Peer.Run("kill", ["-9", lines[3]]);
    }

    [Fact]
    public void A_lock_that_is_not_free_in_time_is_124()
    {
        using FileLock ours = FileLock.OpenOrCreate(Name, new() { Range = new(10, 10) });
        ours.Acquire();
        Tool.AssertFails(124, "is locked", "lock", "run", Name, "--timeout", "50ms", "--", "echo", "no");
        Tool.AssertFails(124, "is locked", "lock", "run", Name, "--timeout", "0", "--range", "19:", "--shared", "--", "echo", "no");
        Assert.Equal(("yes\n", 0), Tool.Run("lock", "run", Name, "--timeout", "0", "--range", "0:10", "--", "echo", "yes"));
        ours.ChangeMode(FileLockMode.Shared);
        Assert.Equal(("yes\n", 0), Tool.Run("lock", "run", Name, "--timeout", "0", "--shared", "--", "echo", "yes"));
    }

    [Fact]
    public async Task It_waits_for_the_lock()
    {
        using FileLock ours = FileLock.OpenOrCreate(Name, new() { Kind = FileLockKind.Flock });
        ours.Acquire();
        Task<(string Output, int ExitCode)> waiting = Task.Run(() => Tool.Run("lock", "run", Name, "--kind", "flock", "--", "echo", "late"));
        await Eventually.IsTrue(() => File.ReadLines("/proc/locks").Any(
            line => line.Contains("->", StringComparison.Ordinal) && line.Contains("FLOCK", StringComparison.Ordinal)));
        Assert.False(waiting.IsCompleted);
        ours.Release();
        Assert.Equal(("late\n", 0), await waiting.OrHang());
    }

    [Fact]
    public void Info_tells_all_locks_and_their_holders()
    {
        Tool.AssertFails(3, "ENOENT", "lock", "info", Name);
        using FileLock one = FileLock.OpenOrCreate(Name, new() { Range = new(0, 100) });
        (string nothing, int done) = Tool.Run("lock", "info", Name);
        Assert.Equal(0, done);
        Assert.Contains("locks: none", nothing, StringComparison.Ordinal);
        using FileLock two = FileLock.Open(Name, new() { Kind = FileLockKind.Flock });
        one.Acquire();
        two.Acquire(FileLockMode.Shared);
        (string text, int exitCode) = Tool.Run("lock", "info", Name, "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(1, info.GetProperty("schema").GetInt32());
        Assert.Equal(Name, info.GetProperty("object").GetProperty("name").GetString());
        // A child that another test starts just now may hold copies until its exec.
        JsonElement[] locks =
        [
            .. from each in info.GetProperty("locks").EnumerateArray()
               where each.GetProperty("process").GetProperty("pid").GetInt32() == Environment.ProcessId
               orderby each.GetProperty("kind").GetString()
               select each,
        ];
        Assert.Equal(["flock shared 0 0", "ofd exclusive 0 100"], locks.Select(
            each => $"{each.GetProperty("kind")} {each.GetProperty("mode")} {each.GetProperty("start")} {each.GetProperty("length")}"));
        Assert.Equal((int)one.Handle.DangerousGetHandle(), locks[1].GetProperty("descriptor").GetInt32());
        Assert.Equal(ProcessIdentity.Current.StartTime, locks[0].GetProperty("process").GetProperty("start").GetInt64());
        Tool.AssertFails(3, "directory", "lock", "info", _directory.Root);
    }

    [Theory]
    [InlineData("no range", "--range", "5", "--", "true")]
    [InlineData("no range", "--range", "5:5", "--", "true")]
    [InlineData("no range", "--range", "-1:5", "--", "true")]
    [InlineData("duration", "--timeout", "soon", "--", "true")]
    [InlineData("mandatory", "--kind", "mandatory", "--", "true")]
    [InlineData("whole files", "--kind", "flock", "--range", "0:5", "--", "true")]
    [InlineData("required", "--shared")]
    public void Bad_input_of_run_is_125(string says, params string[] args)
    {
        (string output, int exitCode) = Tool.Run(["lock", "run", Name, .. args]);
        Assert.Contains(says, output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(125, exitCode);
        Assert.False(File.Exists(Name));
    }

    [Fact]
    public void Names_that_are_empty_are_refused()
    {
        Tool.AssertFails(125, "not empty", "lock", "run", "", "--", "true");
        Tool.AssertFails(2, "not empty", "lock", "info", "");
        Tool.AssertFails(127, "no name", "lock", "run", Name, "--", "");
    }
}
