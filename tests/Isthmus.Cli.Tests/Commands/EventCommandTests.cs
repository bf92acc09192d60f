using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class EventCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedObjectOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void An_automatic_event_lets_one_go_on()
    {
        Assert.Equal(("", 0), Event("create"));
        Fails(3, "EEXIST", "create");
        Fails(1, "Timed out", "wait", "--timeout", "0");
        Assert.Equal(("", 0), Event("set"));
        Assert.Equal(("", 0), Event("wait", "--timeout", "0"));
        Fails(1, "Timed out", "wait", "--timeout", "20ms");
        Assert.Equal(("", 0), Event("unlink"));
        Fails(3, "ENOENT", "wait");
    }

    [Fact]
    public void A_manual_event_lets_all_go_on_until_it_is_reset()
    {
        Assert.Equal(("", 0), Event("create", "--manual", "--set"));
        Assert.Equal(("", 0), Event("wait"));
        Assert.Equal(("", 0), Event("wait"));
        JsonElement info = Info();
        Assert.Equal(("event", "manual", true, 0), (
            info.GetProperty("object").GetProperty("kind").GetString(), info.GetProperty("mode").GetString(),
            info.GetProperty("set").GetBoolean(), info.GetProperty("sets").GetInt32()));
        Assert.Equal(("", 0), Event("reset"));
        Fails(1, "Timed out", "wait", "--timeout", "0");
        Assert.Contains("state:         not set, manual", Event("info").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_waits_and_info_tells_that_it_does()
    {
        using SharedEvent made = SharedEvent.Create("it", EventResetMode.AutoReset, new() { Directory = _directory.Root });
        Task<(string Output, int ExitCode)> waiting = Task.Run(() => Event("wait"));
        await Eventually.IsTrue(() => Info().GetProperty("waiters").GetInt32() == 1);
        Assert.False(waiting.IsCompleted);
        made.Set();
        Assert.Equal(("", 0), await waiting.OrHang());
        Assert.False(made.IsSet);
    }

    [Fact]
    public void Another_kind_is_refused_with_both_named_and_only_force_removes_it()
    {
        SharedMutex.Create("it", new() { Directory = _directory.Root }).Dispose();
        foreach (string verb in new[] { "set", "reset", "wait", "info", "unlink" })
        {
            Fails(3, "is of the kind mutex (1), not event (10)", verb);
        }
        Assert.Equal(("", 0), Event("unlink", "--force"));
        Assert.Throws<FileNotFoundException>(() => SharedMutex.GetStatus("it", new() { Directory = _directory.Root }));
    }

    private (string Output, int ExitCode) Event(string verb, params string[] rest) =>
        Tool.Run(["event", verb, "it", "--directory", Options.Directory!, .. rest]);

    private void Fails(int exitCode, string says, string verb, params string[] rest) =>
        Tool.AssertFails(exitCode, says, ["event", verb, "it", "--directory", Options.Directory!, .. rest]);

    private JsonElement Info() => System.Text.Json.JsonDocument.Parse(Event("info", "--json").Output).RootElement;
}
