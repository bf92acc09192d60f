using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class SignalCommandTests
{
    [Fact]
    public void What_is_sent_is_received_with_all_that_belongs_to_it()
    {
        using Waiter waiter = new("RTMIN+1", "USR1", "--count", "4");
        foreach (string value in (string[])["42", "-1", "9223372036854775807"])
        {
            Assert.Equal(("", 0), Tool.Run("signal", "send", waiter.Id, "SIGRTMIN+1", "--value", value));
        }
        Assert.All(
            (string[])["42", "-1", "9223372036854775807"],
            value => Assert.Matches($@"^SIGRTMIN\+1 Queue, process \d+, user \d+, value {value}$", waiter.ReadLine()));
        Assert.Equal(("", 0), Tool.Run("signal", "send", waiter.Id, "10"));
        Assert.Matches(@"^SIGUSR1 User, process \d+, user \d+$", waiter.ReadLine());
        Assert.Equal(0, waiter.WaitForExit());
    }

    [Fact]
    public void Signals_that_end_programs_can_be_waited_for_too()
    {
        using Waiter waiter = new("TERM", "INT", "HUP", "--count", "3", "--json");
        foreach (string name in (string[])["TERM", "INT", "HUP"])
        {
            Assert.Equal(("", 0), Peer.Run("sh", ["-c", $"kill -{name} {waiter.Id}"]));
            JsonElement signal = System.Text.Json.JsonDocument.Parse(waiter.ReadLine()).RootElement;
            Assert.Equal(1, signal.GetProperty("schema").GetInt32());
            Assert.Equal("SIG" + name, signal.GetProperty("signal").GetString());
            Assert.Equal("user", signal.GetProperty("origin").GetString());
            Assert.Equal(JsonValueKind.Null, signal.GetProperty("value").ValueKind);
        }
        Assert.Equal(0, waiter.WaitForExit());
    }

    [Fact]
    public async Task A_group_is_signalled()
    {
        ProcessStartInfo start = new(Peer.Require("setsid"), ["sh", "-c", "sleep 1000 & echo $$; wait"]) { RedirectStandardOutput = true };
        using Process leader = Process.Start(start)!;
        string id = (await leader.StandardOutput.ReadLineAsync().OrHang())!;
        Assert.Equal(("", 0), Tool.Run("signal", "send", id, "KILL", "--group"));
        Assert.Null(await leader.StandardOutput.ReadLineAsync().OrHang()); // The sleeper held the pipe, too.
        Assert.True(leader.WaitForExit(Child.Limit));
        Tool.AssertFails(1, "leads no group", "signal", "send", $"{Environment.ProcessId}", "URG", "--group");
    }

    [Fact]
    public void Timeout_exits_1_when_no_signal_comes()
    {
        (string output, int exitCode) = Tool.Run("signal", "wait", "USR1", "--timeout", "50ms");
        Assert.Matches(@"^ready: \d+\nisthmus signal wait: Timed out.\n$", output);
        Assert.Equal(1, exitCode);
    }

    [Fact]
    public void List_says_what_may_be_used()
    {
        (string text, int exitCode) = Tool.Run("signal", "list");
        Assert.Equal(0, exitCode);
        Assert.Equal(62, text.TrimEnd('\n').Split('\n').Length);
        Assert.Contains(" 9 SIGKILL     terminate  cannot be caught, blocked or ignored\n", text, StringComparison.Ordinal);
        Assert.Contains("15 SIGTERM     terminate\n", text, StringComparison.Ordinal);
        Assert.Contains("34 SIGRTMIN    terminate  the .NET runtime's\n", text, StringComparison.Ordinal);
        JsonElement list = System.Text.Json.JsonDocument.Parse(Tool.Run("signal", "list", "--json").Output).RootElement.GetProperty("signals");
        JsonElement segv = list.EnumerateArray().Single(signal => signal.GetProperty("number").GetInt32() == 11);
        Assert.Equal(("SIGSEGV", "core_dump", "fault"),
            (segv.GetProperty("name").GetString(), segv.GetProperty("default_action").GetString(), segv.GetProperty("reserved_for").GetString()));
        // 34 to 64 without the runtime's and ours.
        Assert.Equal(29, list.EnumerateArray().Count(signal =>
            signal.GetProperty("real_time").GetBoolean() && signal.GetProperty("reserved_for").ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task Info_decodes_dispositions_masks_and_what_waits()
    {
        using Waiter waiter = new("RTMIN+1", "USR2", "--count", "100");
        JsonElement info = System.Text.Json.JsonDocument.Parse(Tool.Run("signal", "info", waiter.Id, "--json").Output).RootElement;
        Assert.Equal(waiter.Id, info.GetProperty("process").GetProperty("pid").GetRawText());
        Assert.Contains("SIGUSR2", Names(info.GetProperty("caught")));
        Assert.Contains("SIGPIPE", Names(info.GetProperty("ignored")));
        Assert.All(info.GetProperty("threads").EnumerateArray(), thread => Assert.Contains("SIGRTMIN+1", Names(thread.GetProperty("blocked"))));
        Assert.True(info.GetProperty("queued").GetInt64() <= info.GetProperty("queued_max").GetInt64());
        // A thread that just starts another has all signals blocked meanwhile.
        await Eventually.IsTrue(() =>
        {
            (string text, int exitCode) = Tool.Run("signal", "info", waiter.Id);
            Assert.Equal(0, exitCode);
            return Regex.IsMatch(text, @"(?m)^threads:  [\d ]+: blocked SIGRTMIN\+1; pending none$");
        });
    }

    [Fact]
    public void Nobody_there_is_said()
    {
        Tool.AssertFails(3, "ESRCH", "signal", "send", "2000000000", "TERM");
        Tool.AssertFails(3, "ESRCH", "signal", "info", "2000000000");
    }

    [Theory]
    [InlineData("no signal", "send", "1", "NOPE")]
    [InlineData("no signal", "send", "1", "32")]
    [InlineData("no process number", "send", "-5", "TERM")]
    [InlineData("no process number", "send", "0", "TERM")]
    [InlineData("no process number", "info", "x")]
    [InlineData("exclude each other", "send", "1", "TERM", "--group", "--value", "1")]
    [InlineData("--value is a number", "send", "1", "TERM", "--value", "many")]
    [InlineData("no signal", "wait", "USR1", "NOPE")]
    [InlineData("--count is a number from 1", "wait", "USR1", "--count", "0")]
    [InlineData("interrupts this library", "wait", "RTMAX")]
    [InlineData("belongs to the .NET runtime", "wait", "RTMIN")]
    [InlineData("is a fault", "wait", "SEGV")]
    [InlineData("signal wait --help", "wait")]
    public void Bad_input_is_refused_in_one_line(string says, params string[] args) => Tool.AssertFails(2, says, ["signal", .. args]);

    [Theory]
    [InlineData("KILL")]
    [InlineData("STOP")]
    public void SIGKILL_and_SIGSTOP_cannot_be_waited_for(string name) =>
        Tool.AssertFails(3, "can be neither caught, blocked nor ignored", "signal", "wait", name);

    private static IEnumerable<string> Names(JsonElement names) => names.EnumerateArray().Select(name => name.GetString()!);

    /// <summary>A waiting <c>isthmus signal wait</c>.</summary>
    private sealed class Waiter : IDisposable
    {
        private readonly Process _process;

        public Waiter(params string[] args)
        {
            ProcessStartInfo start = new(Tool.Path, ["signal", "wait", .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
            _process = Process.Start(start)!;
            Assert.Equal($"ready: {_process.Id}", _process.StandardError.ReadLineAsync().OrHang().GetAwaiter().GetResult());
        }

        public string Id => $"{_process.Id}";

        public string ReadLine() => _process.StandardOutput.ReadLineAsync().OrHang().GetAwaiter().GetResult() ?? "<eof> " + ReadErrors();

        public int WaitForExit()
        {
            Assert.True(_process.WaitForExit(Child.Limit));
            return _process.ExitCode;
        }

        public void Dispose()
        {
            Kill();
            _process.Dispose();
        }

        private void Kill()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit(Child.Limit);
            }
        }

        // All that it has said.
        private string ReadErrors()
        {
            Kill();
            return _process.StandardError.ReadToEndAsync().OrHang().GetAwaiter().GetResult();
        }
    }
}
