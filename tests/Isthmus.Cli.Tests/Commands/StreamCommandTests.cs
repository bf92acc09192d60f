using System.Diagnostics;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class StreamCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedStreamOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Send_and_receive_carry_any_bytes()
    {
        byte[] data = new byte[300_000];
        Random.Shared.NextBytes(data);
        File.WriteAllBytes(_directory["sent"], data);
        Assert.Equal(("", 0), Stream("create", "--capacity", "4K"));
        Task<(string Output, int ExitCode)> send = Shell($"send it --directory {_directory.Root} < {_directory["sent"]}");
        Assert.Equal(("", 0), await Shell($"receive it --directory {_directory.Root} > {_directory["received"]}").OrHang());
        Assert.Equal(("", 0), await send.OrHang());
        Assert.True(data.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["received"])));
        Fails(3, "EBUSY", "receive");
        Assert.Equal(("", 0), Stream("unlink"));
        Fails(3, "ENOENT", "receive");
    }

    [Fact]
    public void What_was_sent_waits_for_who_receives()
    {
        Assert.Equal(("", 0), Stream("create"));
        Fails(3, "EEXIST", "create");
        Assert.Equal(("", 0), Peer.Run(Tool.Path, ["stream", "send", "it", "--directory", _directory.Root], "hello"));
        Assert.Contains("first end:     closed, wrote 5, of which 5 unread, writes no more", Stream("info").Output, StringComparison.Ordinal);
        Assert.Equal(("hello", 0), Stream("receive"));
    }

    [Fact]
    public void Receive_gives_up_in_time_and_the_end_is_gone_then()
    {
        using SharedStream stream = SharedStream.Create("it", Options);
        Fails(1, "Timed out", "receive", "--timeout", "30ms");
        Assert.Equal(SharedStreamEnd.Closed, stream.PeerEnd);
    }

    [Fact]
    public async Task Receive_says_when_the_other_end_has_died()
    {
        ProcessStartInfo start = new(Tool.Path, ["stream", "send", "it", "--directory", _directory.Root]) { RedirectStandardInput = true };
        Assert.Equal(("", 0), Stream("create"));
        using Process send = Process.Start(start)!;
        send.StandardInput.Write("half");
        send.StandardInput.Flush();
        await Eventually.IsTrue(() => Info().GetProperty("first").GetProperty("bytes_written").GetInt64() == 4);
        send.Kill();
        await send.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        (string output, int exitCode) = Stream("receive");
        Assert.Equal(3, exitCode);
        Assert.StartsWith("half", output, StringComparison.Ordinal);
        Assert.Contains("has died", output, StringComparison.Ordinal);
        Assert.Equal("died", Info().GetProperty("first").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Receive_ends_when_nobody_reads_what_it_prints_and_the_other_end_is_told()
    {
        using SharedStream stream = SharedStream.Create("it", Options);
        Task<(string Output, int ExitCode)> receive = Shell($"receive it --directory {_directory.Root} 2> /dev/null | head -c 1");
        PosixException error = await Assert.ThrowsAsync<PosixException>(async () =>
        {
            while (true)
            {
                await stream.WriteAsync(new byte[65_536], TestContext.Current.CancellationToken).AsTask().OrHang();
            }
        });
        Assert.Equal(Errno.EPIPE, error.Errno);
        Assert.Equal("\0", (await receive.OrHang()).Output);
    }

    [Fact]
    public void Info_tells_who_has_the_ends_and_what_is_in_it()
    {
        using SharedStream stream = SharedStream.Create("it", Options);
        stream.Write([1, 2, 3]);
        JsonElement info = Info();
        Assert.Equal(("stream", 65_536), (info.GetProperty("object").GetProperty("kind").GetString(), info.GetProperty("capacity").GetInt32()));
        JsonElement first = info.GetProperty("first"), second = info.GetProperty("second");
        Assert.Equal(("open", Environment.ProcessId, 3, 3, false), (
            first.GetProperty("state").GetString(), first.GetProperty("process").GetProperty("pid").GetInt32(),
            first.GetProperty("bytes_written").GetInt64(), first.GetProperty("bytes_unread").GetInt64(), first.GetProperty("write_closed").GetBoolean()));
        Assert.Equal("awaited", second.GetProperty("state").GetString());
        Assert.Contains("second end:    awaited, wrote 0", Stream("info").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5000", "8192 would do")]
    [InlineData("4095", "4096")]
    [InlineData("1G", "268435456")]
    [InlineData("many", "no number of bytes")]
    public void A_capacity_that_does_not_do_is_refused(string capacity, string says) => Fails(2, says, "create", "--capacity", capacity);

    [Fact]
    public void Another_kind_is_refused_with_both_named_and_only_force_removes_it()
    {
        SharedMutex.Create("it", new() { Directory = _directory.Root }).Dispose();
        foreach (string verb in new[] { "send", "receive", "info", "unlink" })
        {
            Fails(3, "is of the kind mutex (1), not stream (23)", verb);
        }
        Assert.Equal(("", 0), Stream("unlink", "--force"));
    }

    private (string Output, int ExitCode) Stream(string verb, params string[] rest) =>
        Tool.Run(["stream", verb, "it", "--directory", _directory.Root, .. rest]);

    private void Fails(int exitCode, string says, string verb, params string[] rest) =>
        Tool.AssertFails(exitCode, says, ["stream", verb, "it", "--directory", _directory.Root, .. rest]);

    private JsonElement Info() => System.Text.Json.JsonDocument.Parse(Stream("info", "--json").Output).RootElement;

    private static Task<(string Output, int ExitCode)> Shell(string command) => Task.Run(() => Peer.Run("sh", ["-c", $"{Tool.Path} stream {command}"]));
}
