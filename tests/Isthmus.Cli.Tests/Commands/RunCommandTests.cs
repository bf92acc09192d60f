using System.Globalization;
using System.Text;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class RunCommandTests
{
    // What a terminal has said beyond what was read up to.
    private string _unread = "";

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    public void It_ends_as_the_command_ends(string script, int exitCode) => Assert.Equal(("", exitCode), Tool.Run("run", "--", "sh", "-c", script));

    [Fact]
    public void Arguments_and_streams_are_the_commands() =>
        Assert.Equal(("a b|$HOME|--report\n", 0), Tool.Run("run", "--", "printf", "%s|%s|%s\\n", "a b", "$HOME", "--report"));

    [Fact]
    public void A_command_that_is_not_found_is_127() => Tool.AssertFails(127, "no-such-command", "run", "--", "no-such-command");

    [Fact]
    public void A_file_that_cannot_be_executed_is_126() => Tool.AssertFails(126, "EACCES", "run", "--", "/etc/passwd");

    [Theory]
    [InlineData("limit", "--limit", "colour=3", "--", "true")]
    [InlineData("duration", "--timeout", "soon", "--", "true")]
    [InlineData("required", "--report")]
    public void What_is_wrong_with_the_command_line_is_125(string says, params string[] args)
    {
        (string output, int exitCode) = Tool.Run(["run", .. args]);
        Assert.Contains(says, output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(125, exitCode);
    }

    [Fact]
    public void A_limit_that_is_refused_is_125() => Tool.AssertFails(125, "soft limit", "run", "--limit", "descriptors=100:50", "--", "true");

    [Fact]
    public void Limits_hold_for_the_command() =>
        Assert.Equal(("200\n300\n", 0), Tool.Run("run", "--limit", "descriptors=200:300", "--", "sh", "-c", "ulimit -Sn; ulimit -Hn"));

    [Fact]
    public async Task A_timeout_ends_the_whole_group_with_124()
    {
        string pid = "";
        // On a busy machine the command may not come so far in time.
        for (int seconds = 1; pid.Length == 0; seconds *= 2)
        {
            Assert.True(seconds < 100, "The command has not said anything.");
            (string output, int exitCode) = Tool.Run(
                "run", "--timeout", $"{seconds}s", "--grace", "100ms", "--", "sh", "-c", "trap '' TERM; sleep 1000 & echo $!; wait; wait");
            Assert.Equal(124, exitCode);
            pid = output.TrimEnd();
        }
        Assert.Matches("^[0-9]+$", pid);
        await Eventually.IsTrue(() => IsZombie(pid));
    }

    [Fact]
    public void A_new_session_is_one_and_otherwise_a_new_group_is()
    {
        Assert.Equal("same", Own("sid", "--new-session"));
        Assert.Equal("other", Own("sid"));
        Assert.Equal("same", Own("pgid"));

        static string Own(string field, params string[] options) => Tool.Run(
            ["run", .. options, "--", "sh", "-c", $"[ $(ps -o {field}= -p $$) = $$ ] && echo same || echo other"]).Output.TrimEnd();
    }

    [Fact]
    public void The_report_tells_how_it_ended_and_leaves_standard_output_alone()
    {
        (string text, int exitCode) = Tool.Run("run", "--report", "--", "sh", "-c", "echo out; exit 4");
        Assert.StartsWith("out\nsh: exited with 4\n  elapsed ", text, StringComparison.Ordinal);
        Assert.Equal(4, exitCode);

        (string json, _) = Tool.Run("run", "--report", "--json", "--", "sh", "-c", "kill -9 $$");
        using System.Text.Json.JsonDocument report = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(1, report.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal("SIGKILL", report.RootElement.GetProperty("signal").GetString());
        Assert.Equal(JsonValueKind.Null, report.RootElement.GetProperty("code").ValueKind);
        Assert.True(report.RootElement.GetProperty("elapsed").GetInt64() > 0);
        Assert.True(report.RootElement.GetProperty("peak_memory").GetInt64() > 0);
    }

    [Fact]
    public void Json_is_a_report_without_asking_for_one()
    {
        (string json, int exitCode) = Tool.Run("run", "--json", "--", "sh", "-c", "exit 4");
        Assert.Equal(4, System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("code").GetInt32());
        Assert.Equal(4, exitCode);
    }

    [Fact]
    public async Task A_signal_that_cannot_be_passed_on_is_told_and_the_command_goes_on()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can start a command as another user.");
        // Without CAP_KILL even root may not signal another user's process.
        string setpriv = Peer.Require("setpriv");
        using ChildProcess tool = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = setpriv,
            Arguments =
            [
                "--bounding-set=-kill", "--inh-caps=-kill", "--", Tool.Path, "run", "--",
                setpriv, "--reuid=65534", "--clear-groups", "--", "sh", "-c", "echo ready; read line; exit 8",
            ],
            StandardInput = StandardStream.Pipe,
            StandardOutput = StandardStream.Pipe,
            StandardError = StandardStream.Pipe,
        });
        using StreamReader output = new(tool.StandardOutput), errors = new(tool.StandardError);
        Assert.Equal("ready", await output.ReadLineAsync().OrHang());
        tool.Send(Signal.SIGTERM);
        string? told = await errors.ReadLineAsync().OrHang();
        Assert.StartsWith("isthmus: SIGTERM was not passed on: ", told, StringComparison.Ordinal);
        Assert.Contains("EPERM", told, StringComparison.Ordinal);
        tool.StandardInput.Write("\n"u8);
        Assert.Equal(8, (await tool.WaitAsync().OrHang()).Code);
        Assert.Equal("", await errors.ReadToEndAsync().OrHang());
    }

    [Fact]
    public async Task Signals_are_passed_on_to_the_command()
    {
        using ChildProcess tool = Start("trap 'echo got term; exit 5' TERM; echo ready; while :; do sleep 0.05; done");
        using StreamReader reader = new(tool.StandardOutput);
        Assert.Equal("ready", await reader.ReadLineAsync().OrHang());
        tool.Send(Signal.SIGTERM);
        Assert.Equal("got term", await reader.ReadLineAsync().OrHang());
        Assert.Equal(5, (await tool.WaitAsync().OrHang()).Code);
    }

    [Fact]
    public async Task The_command_dies_with_the_tool_when_asked_to()
    {
        using ChildProcess tool = Start("sleep 1000 & echo $!; wait", "--die-with-parent");
        using StreamReader reader = new(tool.StandardOutput);
        int pid = int.Parse((await reader.ReadLineAsync().OrHang())!, CultureInfo.InvariantCulture);
        using ProcessHandle grandchild = ProcessHandle.Open(pid);
        tool.Kill();
        await grandchild.WaitAsync().OrHang();
    }

    [Fact]
    public async Task As_the_first_process_of_a_container_it_reaps_orphans()
    {
        // The orphan ends, and the command waits until its zombie is gone.
        const string Script = "(sh -c 'echo $$ > $0' \"$0\" &); while [ ! -s \"$0\" ]; do :; done; "
            + "while [ -d /proc/$(cat \"$0\") ]; do sleep 0.05; done; echo reaped; exit 6";
        using TemporaryDirectory directory = new();
        string unshare = Peer.Require("unshare");
        CapturedOutput result = await ChildProcess.RunAsync(
            unshare, ["--pid", "--fork", "--mount-proc", Tool.Path, "run", "--", "sh", "-c", Script, directory["pid"]]).OrHang();
        Assert.Equal("", result.ErrorText);
        Assert.Equal("reaped\n", result.OutputText);
        Assert.Equal(6, result.Status.Code);
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_reaches_the_command_once_and_the_tool_reports()
    {
        using PseudoTerminal terminal = PseudoTerminal.Create(TerminalSize.Default);
        const string Script = "trap 'echo once' INT; echo ready; read line; echo got $line; exit 7";
        using ChildProcess tool = StartIn(terminal, Tool.Path, "run", "--report", "--", "sh", "-c", Script);
        await ReadUntilAsync(terminal, "ready\r\n");
        terminal.Write([3]);
        string text = await ReadUntilAsync(terminal, "once\r\n");
        terminal.Write("x\n"u8);
        text += await ReadUntilAsync(terminal, "exited with 7");
        Assert.Single(text.Split("once", StringSplitOptions.None)[1..]);
        await DrainAsync(terminal);
        Assert.Equal(7, (await tool.WaitAsync().OrHang()).Code);
    }

    [Fact]
    public async Task Ctrl_Z_stops_both_and_the_shell_goes_on_with_both()
    {
        using PseudoTerminal terminal = PseudoTerminal.Create(TerminalSize.Default);
        using ChildProcess shell = StartIn(terminal, Peer.Require("bash"), "--norc", "--noprofile", "-i");
        terminal.Write(Encoding.UTF8.GetBytes($"PS1='$ '; {Tool.Path} run -- sh -c 'echo rea''dy; exec cat'\n"));
        await ReadUntilAsync(terminal, "ready\r\n");
        terminal.Write([26]);
        await ReadUntilAsync(terminal, "Stopped");
        await ReadUntilAsync(terminal, "exec cat'");
        terminal.Write("fg\n"u8);
        await ReadUntilAsync(terminal, "exec cat'");
        terminal.Write("again\n"u8);
        await ReadUntilAsync(terminal, "again\r\nagain\r\n");
        terminal.Write([4]);
        terminal.Write("exit 9\n"u8);
        await DrainAsync(terminal);
        Assert.Equal(9, (await shell.WaitAsync().OrHang()).Code);
    }

    [Theory]
    [InlineData("exec \"$0\" run -- sh -c 'echo ready; read line; echo got $line; exit 6'")]
    [InlineData("\"$0\" run -- sh -c 'echo ready; read line; echo got $line; exit 6'; exit $?")]
    public async Task Ctrl_Z_where_nobody_could_go_on_with_it_stops_nothing(string script)
    {
        // The session begins with the tool, or with a script that starts it: as with ssh -t. The command starts nothing, because
        // a shell that is starting a program (vfork) when Ctrl+Z comes does not stop, and nobody sees that its child has.
        using PseudoTerminal terminal = PseudoTerminal.Create(TerminalSize.Default);
        using ChildProcess session = StartIn(terminal, "/bin/sh", "-c", script, Tool.Path);
        await ReadUntilAsync(terminal, "ready\r\n");
        terminal.Write([26]);
        terminal.Write("again\n"u8);
        await ReadUntilAsync(terminal, "got again\r\n");
        await DrainAsync(terminal);
        Assert.Equal(6, (await session.WaitAsync().OrHang()).Code);
    }

    private static ChildProcess Start(string script, params string[] options) => ChildProcess.Start(new ChildProcessOptions
    {
        FileName = Tool.Path,
        Arguments = ["run", .. options, "--", "sh", "-c", script],
        StandardOutput = StandardStream.Pipe,
        StandardError = StandardStream.Null,
    });

    private static ChildProcess StartIn(PseudoTerminal terminal, string program, params string[] args)
    {
        StandardStream side = StandardStream.Terminal(terminal);
        return ChildProcess.Start(new ChildProcessOptions
        {
            FileName = program,
            Arguments = args,
            StandardInput = side,
            StandardOutput = side,
            StandardError = side,
        });
    }

    // What comes next, up to a text and with it.
    private async Task<string> ReadUntilAsync(PseudoTerminal terminal, string expected)
    {
        byte[] buffer = new byte[1000];
        int at;
        while ((at = _unread.IndexOf(expected, StringComparison.Ordinal)) < 0)
        {
            int count = await terminal.ReadAsync(buffer).OrHang();
            Assert.True(count > 0, $"The terminal was closed after '{_unread}'.");
            _unread += Encoding.UTF8.GetString(buffer, 0, count);
        }
        string text = _unread[..(at + expected.Length)];
        _unread = _unread[text.Length..];
        return text;
    }

    private static async Task DrainAsync(PseudoTerminal terminal)
    {
        byte[] buffer = new byte[1000];
        while (await terminal.ReadAsync(buffer).OrHang() > 0)
        {
        }
    }

    // Or gone.
    private static bool IsZombie(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true; // It is gone.
        }
    }
}
