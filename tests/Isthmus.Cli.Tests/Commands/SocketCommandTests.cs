using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class SocketCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private UnixAddress Address => UnixAddress.FromPath(_directory["s"]);

    private string Name => "unix:" + Address.Path;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Create_and_send_carry_any_bytes_and_the_answer_back()
    {
        byte[] question = Random(200_000, "question");
        byte[] answer = Random(300_000, "answer");
        Task<(string Output, int ExitCode)> create = Shell($"socket create {Name} --reply < {_directory["answer"]} > {_directory["got-question"]}");
        await UntilBoundAsync();

        Assert.Equal(("", 0), await Shell($"socket send {Name} < {_directory["question"]} > {_directory["got-answer"]}").OrHang());

        Assert.Equal(("", 0), await create.OrHang());
        Assert.True(question.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["got-question"])));
        Assert.True(answer.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["got-answer"])));
        Assert.False(File.Exists(Address.Path));
    }

    [Fact]
    public async Task Receive_prints_what_a_listener_sends()
    {
        using UnixListener listener = UnixListener.Create(Address);
        Task<(string Output, int ExitCode)> receive = Shell($"socket receive {Name}");
        using (UnixSocket socket = await listener.AcceptAsync().OrHang())
        {
            socket.Send("from the listener"u8);
        }
        Assert.Equal(("from the listener", 0), await receive.OrHang());
    }

    [Theory]
    [InlineData("", "one")]
    [InlineData("--count 2", "one\ntwo\n")]
    [InlineData("--count 2 -0", "one\0two\0")]
    public async Task Datagrams_are_printed_one_by_one(string options, string expected)
    {
        Task<(string Output, int ExitCode)> receive = Shell($"socket receive {Name} --type datagram {options}");
        await UntilBoundAsync();
        using UnixSocket sender = UnixSocket.Connect(Address, new() { Type = SocketType.Dgram });
        sender.Send("one"u8);
        if (options.Length > 0)
        {
            Assert.Equal(("", 0), await Shell($"socket send {Name} --type datagram", "two").OrHang());
        }
        Assert.Equal((expected, 0), await receive.OrHang());
        Assert.False(File.Exists(Address.Path));
    }

    [Fact]
    public async Task Seqpacket_keeps_messages_apart()
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Type = SocketType.Seqpacket });
        Task<(string Output, int ExitCode)> receive = Shell($"socket receive {Name} --type seqpacket --follow");
        using (UnixSocket socket = await listener.AcceptAsync().OrHang())
        {
            socket.Send("a"u8);
            socket.Send("bc"u8);
        }
        Assert.Equal(("a\nbc\n", 0), await receive.OrHang());
    }

    [Fact]
    public async Task Tcp_and_udp_have_the_same_verbs()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<(string Output, int ExitCode)> send = Shell($"socket send tcp:{listener.LocalEndpoint}", "question");
        using (TcpClient client = await listener.AcceptTcpClientAsync().OrHang())
        {
            using StreamReader reader = new(client.GetStream());
            Assert.Equal("question", await reader.ReadToEndAsync().OrHang());
            client.GetStream().Write("answer"u8);
        }
        Assert.Equal(("answer", 0), await send.OrHang());

        using Socket receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(("", 0), await Shell($"socket send udp:{receiver.LocalEndPoint}", "datagram").OrHang());
        byte[] buffer = new byte[64];
        Assert.Equal("datagram", Encoding.UTF8.GetString(buffer, 0, await receiver.ReceiveAsync(buffer).OrHang()));

        (string info, int exitCode) = Tool.Run("socket", "info", $"tcp:{listener.LocalEndpoint}");
        Assert.Contains("listening", info, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Tool.AssertFails(1, "Nobody", "socket", "info", "tcp:127.0.0.1:1");
        Tool.AssertFails(3, "ECONNREFUSED", "socket", "send", "tcp:127.0.0.1:1");
    }

    [Fact]
    public async Task A_datagram_without_bytes_is_a_message_and_no_end()
    {
        Task<(string Output, int ExitCode)> receive = Shell($"socket receive {Name} --type datagram --count 3");
        await UntilBoundAsync();
        using UnixSocket sender = UnixSocket.Connect(Address, new() { Type = SocketType.Dgram });
        sender.Send("one"u8);
        sender.Send([]);
        sender.Send("three"u8);
        Assert.Equal(("one\n\nthree\n", 0), await receive.OrHang());
    }

    [Fact]
    public async Task A_client_that_fails_does_not_end_follow()
    {
        ProcessStartInfo start = new(Tool.Path, ["socket", "create", Name, "--reply", "--follow"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process create = Process.Start(start)!;
        await create.StandardInput.WriteAsync("unwanted");
        await create.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        using (UnixSocket rude = await Tool.ConnectAsync(Address))
        {
            // To close with data unread resets the connection, while more input is still waited for.
            await EventLoop.WaitReadableAsync(rude.Handle, TestContext.Current.CancellationToken).OrHang();
        }
        string? told = await create.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().OrHang();
        Assert.StartsWith("isthmus socket create: ", told, StringComparison.Ordinal);
        Assert.Contains("ECONNRESET", told, StringComparison.Ordinal);
        create.StandardInput.Close();
        using (UnixSocket next = UnixSocket.Connect(Address))
        {
            next.Send("x"u8);
        }
        char[] printed = new char[1];
        Assert.Equal(1, await create.StandardOutput.ReadAsync(printed, TestContext.Current.CancellationToken).OrHang());
        Assert.Equal('x', printed[0]);
        Peer.Run("sh", ["-c", $"kill -INT {create.Id}"]);
        await create.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(130, create.ExitCode);
        Assert.False(File.Exists(Address.Path));
    }

    [Theory]
    [InlineData("create", "")]
    [InlineData("receive", "--type=datagram")]
    public void Timeout_exits_1_and_leaves_no_name(string verb, string option)
    {
        string[] options = option.Length > 0 ? [option] : [];
        Tool.AssertFails(1, "Timed out", ["socket", verb, Name, "--timeout", "50ms", .. options]);
        Assert.False(File.Exists(Address.Path));
    }

    [Fact]
    public async Task An_interrupt_leaves_no_name()
    {
        using Process create = Process.Start(new ProcessStartInfo(Tool.Path, ["socket", "create", Name]) { RedirectStandardError = true })!;
        await UntilBoundAsync();
        Peer.Run("sh", ["-c", $"kill -INT {create.Id}"]);
        await create.WaitForExitAsync().OrHang();
        Assert.Equal(130, create.ExitCode);
        Assert.False(File.Exists(Address.Path));
    }

    [Fact]
    public async Task Info_tells_the_listening_from_the_dead()
    {
        using (UnixListener listener = UnixListener.Create(Address, new() { Type = SocketType.Seqpacket }))
        {
            (string text, int exitCode) = Tool.Run("socket", "info", Name, "--peer", "--json");
            Assert.Equal(0, exitCode);
            JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
            Assert.Equal(1, info.GetProperty("schema").GetInt32());
            Assert.Equal(Name, info.GetProperty("object").GetProperty("name").GetString());
            Assert.Equal("seqpacket", info.GetProperty("type").GetString());
            Assert.Equal("listening", info.GetProperty("state").GetString());
            Assert.Equal("0600", info.GetProperty("mode").GetString());
            Assert.Equal(Environment.ProcessId, info.GetProperty("peer").GetProperty("pid").GetInt32());
        }
        await UntilDeadAsync();
        (string dead, int done) = Tool.Run("socket", "info", Name);
        Assert.Contains("state:       dead", dead, StringComparison.Ordinal);
        Assert.Equal(0, done);
        Tool.AssertFails(2, "--peer", "socket", "info", Name, "--peer");
        Tool.AssertFails(1, "Nobody", "socket", "info", "unix:@isthmus-nobody");
        Tool.AssertFails(3, "ENOENT", "socket", "info", "unix:" + _directory["none"]);
    }

    [Fact]
    public async Task Unlink_removes_the_dead_and_the_living_only_by_force()
    {
        using (UnixListener listener = UnixListener.Create(Address))
        {
            Tool.AssertFails(1, "--force", "socket", "unlink", Name);
            Assert.Equal(("", 0), Tool.Run("socket", "unlink", Name, "--force"));
            Assert.False(File.Exists(Address.Path));
        }
        UnixListener.Create(Address).Dispose();
        await UntilDeadAsync();
        Assert.Equal(("", 0), Tool.Run("socket", "unlink", Name));
        Assert.False(File.Exists(Address.Path));
        File.WriteAllText(Address.Path!, "precious");
        Tool.AssertFails(3, "ENOTSOCK", "socket", "unlink", Name);
    }

    [Fact]
    public async Task Take_over_replaces_the_dead_only()
    {
        UnixListener.Create(Address).Dispose();
        await UntilDeadAsync();
        Tool.AssertFails(3, "EADDRINUSE", "socket", "create", Name);
        Task<(string Output, int ExitCode)> create = Shell($"socket create {Name} --take-over --mode 0660");
        await UntilBoundAsync();
        Tool.AssertFails(3, "EADDRINUSE", "socket", "create", Name, "--take-over");
        Assert.Equal((UnixFileMode)0x1B0, Address.Stat().Mode);
        Assert.Equal(("", 0), await Shell($"socket send {Name}", "hello").OrHang());
        Assert.Equal(("hello", 0), await create.OrHang());
    }

    [Theory]
    [InlineData("names no socket", "socket", "send", "/run/x")]
    [InlineData("names no socket", "socket", "send", "tcp:host")]
    [InlineData("names no socket", "socket", "send", "udp:host:70000")]
    [InlineData("names no socket", "socket", "send", "unix:")]
    [InlineData("no type", "socket", "send", "unix:x", "--type", "raw")]
    [InlineData("no mode", "socket", "create", "unix:x", "--mode", "rw")]
    [InlineData("--backlog", "socket", "create", "unix:x", "--backlog", "0")]
    [InlineData("--count", "socket", "receive", "unix:x", "--count", "0")]
    [InlineData("leave --type out", "socket", "send", "tcp:localhost:1", "--type", "seqpacket")]
    [InlineData("do not listen", "socket", "create", "udp:localhost:9000")]
    [InlineData("no file", "socket", "unlink", "unix:@x")]
    public void Bad_input_is_refused_in_one_line(string says, params string[] args) => Tool.AssertFails(2, says, args);

    // Redirections are the shell's, so that no byte passes through a string.
    private static Task<(string Output, int ExitCode)> Shell(string command, string input = "") =>
        Task.Run(() => Peer.Run("sh", ["-c", $"exec {Tool.Path} {command}"], input));

    private async Task UntilBoundAsync()
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!Address.IsBound() || !File.Exists(Address.Path))
        {
            Assert.True(watch.Elapsed < Child.Limit, "The name was not bound.");
            await Task.Yield();
        }
    }

    // A child that another test has just made listens, too, until it runs its own program.
    private Task UntilDeadAsync() => Eventually.IsTrue(() => !Address.IsBound());

    private byte[] Random(int length, string file)
    {
        byte[] data = new byte[length];
        System.Random.Shared.NextBytes(data);
        File.WriteAllBytes(_directory[file], data);
        return data;
    }
}
