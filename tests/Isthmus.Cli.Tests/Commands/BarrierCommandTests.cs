using System.Diagnostics;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class BarrierCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedObjectOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task All_who_wait_go_on_when_the_last_has_come()
    {
        Assert.Equal(("", 0), Barrier("create"));
        Fails(3, "EEXIST", "create");
        Task<(string Output, int ExitCode)>[] waiting = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Barrier("wait", "--members", "3")))];
        await Eventually.IsTrue(() => Info().GetProperty("members").GetInt32() == 2);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        Assert.Equal(("", 0), Barrier("wait", "--members", "3"));
        Assert.Equal([("", 0), ("", 0)], await Task.WhenAll(waiting).OrHang());
        JsonElement info = Info();
        Assert.Equal(("barrier", 1, 0, false), (
            info.GetProperty("object").GetProperty("kind").GetString(), info.GetProperty("round").GetInt32(),
            info.GetProperty("members").GetInt32(), info.GetProperty("broken").GetBoolean()));
        Assert.Equal(("", 0), Barrier("unlink"));
        Fails(3, "ENOENT", "wait");
    }

    [Fact]
    public void Who_waits_for_nobody_passes_and_who_waits_in_vain_gives_up()
    {
        using SharedBarrier barrier = SharedBarrier.Create("it", Options);
        Assert.Equal(("", 0), Barrier("wait"));
        Assert.Equal(("", 0), Barrier("wait", "--timeout", "0"));
        Fails(1, "Timed out", "wait", "--members", "2", "--timeout", "20ms");
        using SharedBarrierMember member = barrier.Join();
        Fails(1, "Timed out", "wait", "--timeout", "20ms");
        Fails(1, "Timed out", "wait", "--timeout", "0");
        Assert.Contains($"1 of {Environment.ProcessId} (", Barrier("info").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_death_of_a_member_is_told_until_the_barrier_is_reset()
    {
        using SharedBarrier barrier = SharedBarrier.Create("it", Options);
        using Process dying = Process.Start(new ProcessStartInfo(Tool.Path, ["barrier", "wait", "it", "--directory", _directory.Root, "--members", "9"]))!;
        await Eventually.IsTrue(() => Info().GetProperty("members").GetInt32() == 1);
        Task<(string Output, int ExitCode)> waiting = Task.Run(() => Barrier("wait", "--members", "2"));
        await Eventually.IsTrue(() => Info().GetProperty("members").GetInt32() == 2 && Info().GetProperty("arrived").GetInt32() == 1);
        dying.Kill();
        (string output, int exitCode) = await waiting.OrHang();
        Assert.Contains("a member has died", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        Assert.Contains("state:         broken", Barrier("info").Output, StringComparison.Ordinal);
        Fails(1, "a member has died", "wait");
        Assert.Equal(("", 0), Barrier("reset"));
        Assert.Equal(("", 0), Barrier("wait"));
    }

    [Fact]
    public void Another_kind_is_refused()
    {
        SharedMutex.Create("it", new() { Directory = _directory.Root }).Dispose();
        foreach (string verb in new[] { "wait", "reset", "info", "unlink" })
        {
            Fails(3, "is of the kind mutex (1), not barrier (18)", verb);
        }
        Fails(2, "--members is a number from 1", "wait", "--members", "0");
    }

    private (string Output, int ExitCode) Barrier(string verb, params string[] rest) =>
        Tool.Run(["barrier", verb, "it", "--directory", _directory.Root, .. rest]);

    private void Fails(int exitCode, string says, string verb, params string[] rest) =>
        Tool.AssertFails(exitCode, says, ["barrier", verb, "it", "--directory", _directory.Root, .. rest]);

    private JsonElement Info() => System.Text.Json.JsonDocument.Parse(Barrier("info", "--json").Output).RootElement;
}
