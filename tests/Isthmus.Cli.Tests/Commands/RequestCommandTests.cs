using System.Globalization;
using System.Text;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class RequestCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SharedObjectOptions Options => new() { Directory = _directory.Root };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Create_info_and_unlink()
    {
        Assert.Equal(("", 0), Run("create", "--max-request", "1K", "--max-reply", "2K", "--max-calls", "3", "--max-participants", "4"));
        Fails(3, "EEXIST", "create");
        using (ReplyServer server = ReplyServer.Open("it", Options))
        {
            JsonElement info = System.Text.Json.JsonDocument.Parse(Run("info", "--json").Output).RootElement;
            Assert.Equal(("request", 1024, 2048, 3, 4, Environment.ProcessId), (
                info.GetProperty("object").GetProperty("kind").GetString(), info.GetProperty("max_request").GetInt32(),
                info.GetProperty("max_reply").GetInt32(), info.GetProperty("max_calls").GetInt32(), info.GetProperty("max_participants").GetInt32(),
                info.GetProperty("servers")[0].GetProperty("pid").GetInt32()));
            Assert.Contains("request:       1024 bytes at most", Run("info").Output, StringComparison.Ordinal);
        }
        Assert.Contains("servers:       none", Run("info").Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), Run("unlink"));
        Fails(3, "ENOENT", "info");
    }

    [Fact]
    public async Task Call_brings_standard_input_to_a_server_and_prints_its_reply()
    {
        using ReplyServer server = Serve(new());
        Assert.Equal(("CBA", 0), await CallAsync("abc"));
        Assert.Equal(("CBA\nED\n\nF\n", 0), await CallAsync("abc\nde\n\nf", "--lines"));
        Assert.Equal(("CBA\0ED\0", 0), await CallAsync("abc\0de", "-0"));
        Assert.Equal(("CBA", 0), await CallAsync("abc", "--parts"));
        (string output, int exitCode) = await CallAsync("fail");
        Assert.Contains("The server failed with code 5: no\\x1b", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        (output, exitCode) = await CallAsync("drop");
        Assert.Contains("unanswered", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        (output, exitCode) = await CallAsync("wait", "--timeout", "50ms");
        Assert.Contains("Timed out", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public async Task Call_without_a_server_or_too_long_is_an_error_that_says_so()
    {
        RequestClient.Create("it", new() { Directory = _directory.Root, MaxRequest = 10 }).Dispose();
        (string output, int exitCode) = await CallAsync("abc");
        Assert.Contains("Nobody serves", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        (output, exitCode) = await CallAsync("abc", "--wait", "--timeout", "50ms");
        Assert.Contains("Timed out", output, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
        using ReplyServer server = ReplyServer.Open("it", Options);
        (output, exitCode) = await CallAsync("more than ten", "--wait");
        Assert.Contains("has 13 bytes, and may have 10", output, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
        SharedMutex.Create("other", new() { Directory = _directory.Root }).Dispose();
        Tool.AssertFails(3, "mutex", "request", "call", "other", "--directory", _directory.Root);
    }

    [Fact]
    public async Task Serve_runs_a_command_for_each_request()
    {
        using RequestClient client = RequestClient.Create("it", new() { Directory = _directory.Root, MaxReply = 10 });
        Task<(string Output, int ExitCode)> serving = Task.Run(() => Run("serve", "--count", "5", "--", "sh", "-c", "sed s/x/y/"));
        await Eventually.IsTrue(() => client.HasServer);
        Assert.Equal("ayb", await TextAsync(client, "axb"));
        Assert.Equal("", await TextAsync(client, ""));
        byte[] buffer = new byte[10];
        CallResult tooLong = await client.CallAsync("xxxxxxxxxxx"u8.ToArray(), buffer, Token).OrHang();
        Assert.Equal((CallOutcome.Failed, (int)Errno.E2BIG), (tooLong.Outcome, tooLong.ErrorCode));
        Assert.Equal("the reply "u8, buffer);
        using (ReplyParts parts = client.CallInParts("xxxxxxxxxxx"u8))
        {
            Assert.True(parts.MoveNext());
            Assert.Equal("yxxxxxxxxx"u8, parts.Current);
            Assert.True(parts.MoveNext());
            Assert.Equal("x"u8, parts.Current);
            Assert.False(parts.MoveNext());
        }
        Assert.Equal("z", await TextAsync(client, "z"));
        Assert.Equal(("", 0), await serving.OrHang());
    }

    [Fact]
    public async Task Serve_tells_the_client_how_the_command_failed_and_stops_it_when_nobody_waits()
    {
        using RequestClient client = RequestClient.Create("it", new() { Directory = _directory.Root });
        const string Script = "read a; [ \"$a\" = wait ] && { : > \"$0\"; exec sleep 1000; }; echo because >&2; exit 7";
        Task<(string Output, int ExitCode)> serving = Task.Run(() => Run("serve", "--count", "3", "--", "sh", "-c", Script, _directory["runs"]));
        await Eventually.IsTrue(() => client.HasServer);
        byte[] buffer = new byte[4096];
        Assert.Equal(new CallResult(CallOutcome.Failed, 8, 7), await client.CallAsync("x"u8.ToArray(), buffer, Token).OrHang());
        Assert.Equal("because\n"u8, buffer.AsSpan(0, 8));
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<CallResult> givenUp = client.CallAsync("wait\n"u8.ToArray(), buffer, cancel.Token).AsTask();
        // Before it has been taken it would not count.
        await Eventually.IsTrue(() => File.Exists(_directory["runs"]));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp.OrHang());
        Assert.Equal(7, (await client.CallAsync("x"u8.ToArray(), buffer, Token).OrHang()).ErrorCode);
        Assert.Equal(("", 0), await serving.OrHang());
    }

    [Fact]
    public async Task Serve_leaves_no_command_behind_when_it_is_killed()
    {
        using RequestClient client = RequestClient.Create("it", new() { Directory = _directory.Root });
        using ChildProcess serve = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Tool.Path,
            Arguments = ["request", "serve", "it", "--directory", _directory.Root, "--", "sh", "-c", "echo $$ > \"$0\"; exec sleep 1000", _directory["pid"]],
        });
        await Eventually.IsTrue(() => client.HasServer);
        ValueTask<CallResult> call = client.CallAsync(default, new byte[10], Token);
        await Eventually.IsTrue(() => File.Exists(_directory["pid"]) && File.ReadAllText(_directory["pid"]).EndsWith('\n'));
        using ProcessHandle command = ProcessHandle.Open(int.Parse(File.ReadAllText(_directory["pid"]), CultureInfo.InvariantCulture));
        serve.Send(Signal.SIGKILL);
        Assert.Equal(CallOutcome.ServerDied, (await call.AsTask().OrHang()).Outcome);
        await command.WaitAsync(Token).OrHang();
        await serve.WaitAsync(Token).OrHang();
    }

    [Fact]
    public async Task Serve_echoes_and_a_command_that_is_not_there_fails_the_call()
    {
        using RequestClient client = RequestClient.Create("it", new() { Directory = _directory.Root });
        Task<(string Output, int ExitCode)> echoing = Task.Run(() => Run("serve", "--echo", "-c", "1"));
        await Eventually.IsTrue(() => client.HasServer);
        Assert.Equal("hello", await TextAsync(client, "hello"));
        Assert.Equal(("", 0), await echoing.OrHang());
        Task<(string Output, int ExitCode)> failing = Task.Run(() => Run("serve", "-c", "1", "--", "/does/not/exist"));
        await Eventually.IsTrue(() => client.HasServer);
        Assert.Equal(127, (await client.CallAsync("x"u8.ToArray(), new byte[4096], Token).OrHang()).ErrorCode);
        Assert.Equal(("", 0), await failing.OrHang());
        Fails(2, "Either a command", "serve");
        Fails(2, "Either a command", "serve", "--echo", "--", "cat");
        Fails(2, "--max-calls is a number from 1 to 64", "create", "--max-calls", "65");
    }

    private static async Task<string> TextAsync(RequestClient client, string request)
    {
        byte[] buffer = new byte[client.MaxReply];
        CallResult result = await client.CallAsync(Encoding.UTF8.GetBytes(request), buffer, Token).OrHang();
        Assert.Equal(CallOutcome.Replied, result.Outcome);
        return Encoding.UTF8.GetString(buffer.AsSpan(0, result.Length));
    }

    private ReplyServer Serve(RequestOptions options)
    {
        ReplyServer server = ReplyServer.Create("it", options with { Directory = _directory.Root });
        _ = server.ServeAsync(
            static async request =>
            {
                switch (Encoding.UTF8.GetString(request.Span))
                {
                    case "fail":
                        request.Fail(5, "no\x1b"u8);
                        break;
                    case "drop":
                        break;
                    case "wait":
                        TaskCompletionSource cancelled = new();
                        using (request.Cancellation.Register(cancelled.SetResult))
                        {
                            await cancelled.Task;
                        }
                        break;
                    case var text:
                        request.Reply(Encoding.UTF8.GetBytes([.. text.ToUpperInvariant().Reverse()]));
                        break;
                }
            },
            Token);
        return server;
    }

    private async Task<(string Output, int ExitCode)> CallAsync(string input, params string[] args)
    {
        CapturedOutput run = await ChildProcess.RunAsync(
            new ChildProcessOptions { FileName = Tool.Path, Arguments = ["request", "call", "it", "--directory", _directory.Root, .. args] },
            new CaptureOptions { Input = Encoding.UTF8.GetBytes(input) },
            Token);
        return (run.OutputText + run.ErrorText, run.Status.ShellCode!.Value);
    }

    private (string Output, int ExitCode) Run(string verb, params string[] args) =>
        Tool.Run(["request", verb, "it", "--directory", _directory.Root, .. args]);

    private void Fails(int exitCode, string says, string verb, params string[] args) =>
        Tool.AssertFails(exitCode, says, ["request", verb, "it", "--directory", _directory.Root, .. args]);
}
