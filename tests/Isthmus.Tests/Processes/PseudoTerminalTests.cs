using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>A program in a terminal of ours behaves as in any terminal.</summary>
public sealed class PseudoTerminalTests : IDisposable
{
    private readonly PseudoTerminal _terminal = PseudoTerminal.Create(new TerminalSize(100, 30));

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task The_program_sees_a_terminal_of_that_name_and_size()
    {
        string output = await RunAsync("tty; stty size; tty </dev/tty; cat /proc/$$/stat");
        Assert.StartsWith($"{_terminal.Name}\r\n30 100\r\n/dev/tty\r\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_that_runs_as_another_user_gets_the_terminal_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser may start children as another user.");
        using ChildProcess child = ChildProcess.Start(ChildProcessTests.Shell("tty; id -u; : > /dev/tty && echo open") with
        {
            StandardInput = StandardStream.Terminal(_terminal),
            StandardOutput = StandardStream.Terminal(_terminal),
            User = new UserCredentials(Elsewhere.Nobody, Elsewhere.Nobody),
        });
        Assert.Equal($"{_terminal.Name}\r\n65534\r\nopen\r\n", await ReadToEndAsync());
        Assert.True((await child.WaitAsync().OrHang()).IsSuccess);
    }

    [Fact]
    public async Task What_is_typed_is_read_and_echoed()
    {
        using ChildProcess child = Start("read line; echo \"got $line\"");
        await _terminal.WriteAsync("hello\r"u8.ToArray()).OrHang();
        Assert.Equal("hello\r\ngot hello\r\n", await ReadToEndAsync());
        Assert.True((await child.WaitAsync().OrHang()).IsSuccess);
    }

    [Fact]
    public async Task Control_C_interrupts_the_foreground()
    {
        using ChildProcess child = Start("echo ready; exec cat");
        await ReadUntilAsync("ready\r\n");
        _terminal.Write([3]);
        Assert.Equal(Signal.SIGINT, (await child.WaitAsync().OrHang()).Signal);
    }

    [Fact]
    public async Task A_new_size_is_announced()
    {
        using ChildProcess child = Start("trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.05; done");
        await ReadUntilAsync("ready\r\n");
        _terminal.Size = new TerminalSize(120, 40);
        Assert.Equal(new TerminalSize(120, 40), _terminal.Size);
        await ReadUntilAsync("40 120\r\n");
        await child.WaitAsync().OrHang();
    }

    [Fact]
    public async Task The_program_is_hung_up_when_the_terminal_is_closed()
    {
        using ChildProcess child = Start("echo ready; exec sleep 1000");
        await ReadUntilAsync("ready\r\n");
        _terminal.Dispose();
        Assert.Equal(Signal.SIGHUP, (await child.WaitAsync().OrHang()).Signal);
    }

    [Fact]
    public void Two_terminals_at_once_are_refused()
    {
        using PseudoTerminal other = PseudoTerminal.Create(TerminalSize.Default);
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(ChildProcessTests.Shell(":") with
        {
            StandardInput = StandardStream.Terminal(_terminal),
            StandardOutput = StandardStream.Terminal(other),
        }));
    }

    private async Task<string> RunAsync(string script)
    {
        using ChildProcess child = Start(script);
        string output = await ReadToEndAsync();
        await child.WaitAsync().OrHang();
        return output;
    }

    private ChildProcess Start(string script)
    {
        StandardStream terminal = StandardStream.Terminal(_terminal);
        return ChildProcess.Start(ChildProcessTests.Shell(script) with
        {
            StandardInput = terminal,
            StandardOutput = terminal,
            StandardError = terminal,
        });
    }

    private async Task<string> ReadToEndAsync()
    {
        using StreamReader reader = new(_terminal, leaveOpen: true);
        return await reader.ReadToEndAsync().OrHang();
    }

    private async Task ReadUntilAsync(string expected)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[1000];
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            int count = await _terminal.ReadAsync(buffer).OrHang();
            Assert.True(count > 0, $"The terminal was closed after '{text}'.");
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
