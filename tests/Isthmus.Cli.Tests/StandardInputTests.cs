using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests;

/// <summary>Standard input of the commands that send it.</summary>
public sealed class StandardInputTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private UnixAddress Address => UnixAddress.FromPath(_directory["s"]);

    private string Name => "unix:" + Address.Path;

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(SocketType.Stream, "stream")]
    [InlineData(SocketType.Seqpacket, "seqpacket")]
    public async Task Timeout_ends_a_send_whose_input_says_nothing(SocketType type, string name)
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Type = type });
        using Process send = StartWithOpenInput("socket", "send", Name, "--type", name, "--timeout", "50ms");
        await AssertTimesOutAsync(send);
    }

    [Fact]
    public async Task Timeout_ends_a_reply_whose_input_says_nothing()
    {
        // Long enough to be found in, on a busy machine.
        using Process create = StartWithOpenInput("socket", "create", Name, "--reply", "--timeout", "5s");
        using UnixSocket client = await Tool.ConnectAsync(Address);
        await AssertTimesOutAsync(create);
        Assert.False(File.Exists(Address.Path));
    }

    [Fact]
    public async Task Timeout_ends_a_send_while_a_line_is_begun_on_a_terminal()
    {
        using UnixListener listener = UnixListener.Create(Address);
        using PseudoTerminal terminal = PseudoTerminal.Create(TerminalSize.Default);
        using ChildProcess send = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Tool.Path,
            // Long enough to be scheduled in, on a busy machine: what is whole must have been sent by then.
            Arguments = ["socket", "send", Name, "--timeout", "5s"],
            StandardInput = StandardStream.Terminal(terminal),
            StandardError = StandardStream.Null,
        });
        terminal.Write("whole\nha"u8);
        using (UnixSocket client = await listener.AcceptAsync(TestContext.Current.CancellationToken).OrHang())
        {
            byte[] buffer = new byte[100];
            int received = await client.ReceiveAsync(buffer, cancellationToken: TestContext.Current.CancellationToken).OrHang();
            Assert.Equal("whole\n", Encoding.UTF8.GetString(buffer, 0, received));
            Assert.Equal(1, (await send.WaitAsync(TestContext.Current.CancellationToken).OrHang()).Code);
        }
    }

    [Fact]
    public async Task A_file_is_read_from_where_it_stands_and_left_where_it_ends()
    {
        using UnixListener listener = UnixListener.Create(Address);
        File.WriteAllText(_directory["file"], "one\ntwo\n");
        Task<(string Output, int ExitCode)> shell = Task.Run(() => Peer.Run(
            "sh", ["-c", "{ read line; \"$0\" socket send \"$1\" > /dev/null; cat; } < \"$2\"", Tool.Path, Name, _directory["file"]]));
        using (UnixSocket client = await listener.AcceptAsync(TestContext.Current.CancellationToken).OrHang())
        {
            byte[] buffer = new byte[100];
            int received = await client.ReceiveAsync(buffer, cancellationToken: TestContext.Current.CancellationToken).OrHang();
            Assert.Equal("two\n", Encoding.UTF8.GetString(buffer, 0, received));
        }
        Assert.Equal(("", 0), await shell.OrHang());
    }

    [Theory]
    [InlineData("/tmp", "Standard input: ")]
    [InlineData("/dev/zero", "longer than")]
    public void Input_that_cannot_be_sent_is_told_as_such(string input, string says)
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Type = SocketType.Seqpacket });
        (string output, int exitCode) = Peer.Run("sh", ["-c", $"exec {Tool.Path} socket send {Name} --type seqpacket < {input}"]);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.Equal(3, exitCode);
    }

    private static Process StartWithOpenInput(params string[] args) =>
        Process.Start(new ProcessStartInfo(Tool.Path, args) { RedirectStandardInput = true, RedirectStandardError = true })!;

    private static async Task AssertTimesOutAsync(Process process)
    {
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Contains("Timed out", errors, StringComparison.Ordinal);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(1, process.ExitCode);
    }
}
