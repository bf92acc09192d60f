using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class RwLockCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedObjectOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_lock_is_made_held_by_commands_and_removed()
    {
        Assert.Equal(("", 0), RwLock("create"));
        Fails(3, "EEXIST", "create");
        JsonElement written = Parse(RwLock("run", "--", Tool.Path, "rwlock", "info", "it", "--directory", _directory.Root, "--json").Output);
        Assert.Equal(("rwlock", "write", "Isthmus.Cli"), (
            written.GetProperty("object").GetProperty("kind").GetString(), written.GetProperty("mode").GetString(),
            written.GetProperty("owner").GetProperty("name").GetString()));
        JsonElement read = Parse(RwLock("run", "--read", "--", Tool.Path, "rwlock", "info", "it", "--directory", _directory.Root, "--json").Output);
        JsonElement reader = Assert.Single(read.GetProperty("readers").EnumerateArray());
        Assert.Equal(("none", 1), (read.GetProperty("mode").GetString(), reader.GetProperty("inside").GetInt32()));
        Assert.Contains("state:         free", RwLock("info").Output, StringComparison.Ordinal);
        Assert.Equal(("", 6), RwLock("run", "--", "sh", "-c", "exit 6"));
        Fails(127, "no-such-command", "run", "--", "no-such-command");
        Assert.Equal(("", 0), RwLock("unlink"));
        Fails(125, "ENOENT", "run", "--", "true");
        Assert.Equal(("made\n", 0), RwLock("run", "--create", "--read", "--", "echo", "made"));
    }

    [Fact]
    public void Readers_share_it_and_a_writer_has_it_alone()
    {
        using SharedReaderWriterLock ours = SharedReaderWriterLock.Create("it", Options);
        using (ours.EnterRead())
        {
            Assert.Contains("state:         read", RwLock("info").Output, StringComparison.Ordinal);
            Assert.Equal(("with us\n", 0), RwLock("run", "--read", "--timeout", "0", "--", "echo", "with us"));
            Fails(124, "Timed out", "run", "--timeout", "20ms", "--", "true");
        }
        using (ours.EnterWrite())
        {
            Assert.Contains($"state:         {Environment.ProcessId} (", RwLock("info").Output, StringComparison.Ordinal);
            Fails(124, "Timed out", "run", "--read", "--timeout", "20ms", "--", "true");
        }
        using (ours.EnterUpgradeableRead())
        {
            Assert.Contains("reads, and may write", RwLock("info").Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_death_of_a_writer_is_told_until_a_writing_command_has_succeeded()
    {
        SharedReaderWriterLock.Create("it", Options).Dispose();
        Assert.Equal(137, RwLock("run", "--read", "--", "sh", "-c", "kill -KILL $PPID").ExitCode);
        Assert.Equal(("told nothing\n", 0), RwLock("run", "--", "sh", "-c", "echo told ${ISTHMUS_ABANDONED-nothing}"));
        Assert.Equal(137, RwLock("run", "--", "sh", "-c", "kill -KILL $PPID").ExitCode);
        Assert.Contains("told 1\n", RwLock("run", "--read", "--", "sh", "-c", "echo told $ISTHMUS_ABANDONED").Output, StringComparison.Ordinal);
        Assert.Equal(5, RwLock("run", "--", "sh", "-c", "exit 5").ExitCode);
        Assert.Contains("abandoned", RwLock("info").Output, StringComparison.Ordinal);
        Assert.Contains("told 1\n", RwLock("run", "--", "sh", "-c", "echo told $ISTHMUS_ABANDONED").Output, StringComparison.Ordinal);
        Assert.Equal(("told nothing\n", 0), RwLock("run", "--", "sh", "-c", "echo told ${ISTHMUS_ABANDONED-nothing}"));
    }

    [Fact]
    public void Another_kind_is_refused()
    {
        SharedMutex.Create("it", new() { Directory = _directory.Root }).Dispose();
        Fails(3, "is of the kind mutex (1), not rwlock (17)", "info");
        Fails(3, "is of the kind mutex", "unlink");
        Fails(125, "is of the kind mutex", "run", "--", "true");
    }

    private static JsonElement Parse(string text) => System.Text.Json.JsonDocument.Parse(text).RootElement;

    private (string Output, int ExitCode) RwLock(string verb, params string[] rest) =>
        Tool.Run(["rwlock", verb, "it", "--directory", _directory.Root, .. rest]);

    private void Fails(int exitCode, string says, string verb, params string[] rest) =>
        Tool.AssertFails(exitCode, says, ["rwlock", verb, "it", "--directory", _directory.Root, .. rest]);
}
