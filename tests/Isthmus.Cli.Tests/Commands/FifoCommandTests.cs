using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class FifoCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["fifo"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Send_and_receive_carry_any_bytes()
    {
        byte[] data = new byte[300_000];
        Random.Shared.NextBytes(data);
        File.WriteAllBytes(_directory["sent"], data);
        Assert.Equal(("", 0), Tool.Run("fifo", "create", Name));
        Task<(string Output, int ExitCode)> send = Shell($"fifo send {Name} < {_directory["sent"]}");
        Assert.Equal(("", 0), await Shell($"fifo receive {Name} > {_directory["received"]}").OrHang());
        Assert.Equal(("", 0), await send.OrHang());
        Assert.True(data.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["received"])));
    }

    [Fact]
    public async Task Receive_waits_for_the_first_writer()
    {
        Fifo.Create(Name);
        Task<(string Output, int ExitCode)> receive = Shell($"fifo receive {Name}");
        using (PipeWriteEnd writer = await Fifo.OpenWriteAsync(Name, cancellationToken: TestContext.Current.CancellationToken).OrHang())
        {
            writer.Write("hello"u8);
        }
        Assert.Equal(("hello", 0), await receive.OrHang());
    }

    [Fact]
    public async Task Follow_goes_on_with_the_next_writer_until_it_is_interrupted()
    {
        Fifo.Create(Name);
        ProcessStartInfo start = new(Tool.Path, ["fifo", "receive", Name, "--follow"]) { RedirectStandardOutput = true };
        using Process receive = Process.Start(start)!;
        char[] text = new char[1];
        foreach (string letter in (string[])["a", "b", "c"])
        {
            using (PipeWriteEnd writer = await Fifo.OpenWriteAsync(Name, cancellationToken: TestContext.Current.CancellationToken).OrHang())
            {
                writer.Write(Encoding.ASCII.GetBytes(letter));
            }
            Assert.Equal(1, await receive.StandardOutput.ReadAsync(text, TestContext.Current.CancellationToken).OrHang());
            Assert.Equal(letter, new string(text));
        }
        Peer.Run("sh", ["-c", $"kill -INT {receive.Id}"]);
        await receive.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(130, receive.ExitCode);
    }

    [Fact]
    public async Task Receive_ends_when_nobody_reads_what_it_prints()
    {
        Fifo.Create(Name);
        Task<(string Output, int ExitCode)> receive = Shell($"fifo receive {Name} --follow 2> /dev/null | head -c 1");
        using PipeWriteEnd writer = await Fifo.OpenWriteAsync(Name, cancellationToken: TestContext.Current.CancellationToken).OrHang();
        PosixException error = await Assert.ThrowsAsync<PosixException>(async () =>
        {
            while (true)
            {
                await writer.WriteAsync(new byte[65_536], TestContext.Current.CancellationToken).AsTask().OrHang();
            }
        });
        Assert.Equal(Errno.EPIPE, error.Errno);
        Assert.Equal("\0", (await receive.OrHang()).Output);
    }

    [Fact]
    public void Timeout_exits_1_when_nobody_is_at_the_other_end()
    {
        Fifo.Create(Name);
        Tool.AssertFails(1, "Timed out", "fifo", "send", Name, "--timeout", "50ms");
        Tool.AssertFails(1, "Timed out", "fifo", "receive", Name, "--timeout", "50ms");
    }

    [Fact]
    public async Task Timeout_ends_a_send_whose_input_says_nothing()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        ProcessStartInfo start = new(Tool.Path, ["fifo", "send", Name, "--timeout", "50ms"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using Process send = Process.Start(start)!;
        Assert.Contains("Timed out", await send.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).OrHang(), StringComparison.Ordinal);
        await send.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(1, send.ExitCode);
    }

    [Fact]
    public void Info_tells_mode_holders_and_fill_without_disturbing()
    {
        Assert.Equal(("", 0), Tool.Run("fifo", "create", Name, "--mode", "0622"));
        (string nobody, int done) = Tool.Run("fifo", "info", Name);
        Assert.Equal(0, done);
        Assert.Contains("mode:     0622", nobody, StringComparison.Ordinal);
        Assert.Contains("readers:  none", nobody, StringComparison.Ordinal);

        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using PipeWriteEnd writer = Fifo.OpenWrite(Name);
        writer.Write([1, 2, 3]);
        (string text, int exitCode) = Tool.Run("fifo", "info", Name, "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(1, info.GetProperty("schema").GetInt32());
        Assert.Equal("fifo", info.GetProperty("object").GetProperty("kind").GetString());
        Assert.Equal(Name, info.GetProperty("object").GetProperty("name").GetString());
        Assert.Equal(65_536, info.GetProperty("capacity").GetInt32());
        Assert.Equal(3, info.GetProperty("waiting").GetInt32());
        Assert.Contains(info.GetProperty("writers").EnumerateArray(), holder =>
            holder.GetProperty("process").GetProperty("pid").GetInt32() == Environment.ProcessId
            && holder.GetProperty("descriptor").GetInt32() == (int)writer.Handle.DangerousGetHandle());
    }

    [Fact]
    public void Unlink_removes_a_FIFO_and_nothing_else()
    {
        Fifo.Create(Name);
        Assert.Equal(("", 0), Tool.Run("fifo", "unlink", Name));
        Tool.AssertFails(3, "ENOENT", "fifo", "unlink", Name);
        File.WriteAllText(Name, "precious");
        Tool.AssertFails(3, "regular file", "fifo", "unlink", Name);
        Tool.AssertFails(3, "regular file", "fifo", "info", Name);
        Tool.AssertFails(3, "EEXIST", "fifo", "create", Name);
        Assert.True(File.Exists(Name));
    }

    [Theory]
    [InlineData("no mode", "fifo", "create", "x", "--mode", "rw")]
    [InlineData("fifo create --help", "fifo", "create")]
    [InlineData("no duration", "fifo", "send", "x", "--timeout", "soon")]
    public void Bad_input_is_refused_in_one_line(string says, params string[] args) => Tool.AssertFails(2, says, args);

    // Redirections are the shell's, so that no byte passes through a string.
    private static Task<(string Output, int ExitCode)> Shell(string command) =>
        Task.Run(() => Peer.Run("sh", ["-c", $"exec {Tool.Path} {command}"]));
}
