using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class MqCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly QueueName _posix = new();
    private readonly SystemVKey _key = new(Random.Shared.Next(1, int.MaxValue));

    public void Dispose()
    {
        _directory.Dispose();
        _posix.Dispose();
        try
        {
            SystemVMessageQueue.Open(_key).Remove();
        }
        catch (FileNotFoundException)
        {
            // Not every test makes it, and some remove it.
        }
    }

    [Fact]
    public async Task POSIX_messages_of_any_bytes_come_out_as_they_went_in()
    {
        Assert.Equal(("", 0), Tool.Run("mq", "create", _posix, "--max-messages", "3", "--max-size", "1000", "--mode", "0640"));
        foreach (int length in new[] { 0, 1, 1000 })
        {
            byte[] data = new byte[length];
            Random.Shared.NextBytes(data);
            File.WriteAllBytes(_directory["sent"], data);
            Assert.Equal(("", 0), await Shell($"mq send {_posix} < {_directory["sent"]}"));
            Assert.Equal(("", 0), await Shell($"mq receive {_posix} > {_directory["received"]}"));
            Assert.True(data.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["received"])));
        }
        using PosixMessageQueue queue = PosixMessageQueue.Open(_posix);
        Assert.Equal((3, 1000), (queue.MaxMessages, queue.MaxMessageSize));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, queue.Stat().Mode);
    }

    [Fact]
    public async Task System_V_messages_of_any_bytes_come_out_as_they_went_in()
    {
        (string id, int exitCode) = Tool.Run("mq", "create", _key.ToString());
        Assert.Equal(0, exitCode);
        byte[] data = new byte[SystemVMessageQueueLimits.Read().MaxMessageSize];
        Random.Shared.NextBytes(data);
        File.WriteAllBytes(_directory["sent"], data);
        Assert.Equal(("", 0), await Shell($"mq send {id.TrimEnd()} --type 5 < {_directory["sent"]}"));
        Assert.Equal(("", 0), await Shell($"mq receive {_key} > {_directory["received"]}"));
        Assert.True(data.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["received"])));
    }

    [Fact]
    public async Task Lines_and_NUL_ended_messages_go_in_and_come_out()
    {
        using PosixMessageQueue queue = CreatePosix();
        Assert.Equal(("", 0), await Shell($"mq send {_posix} --lines", "a\nb b\n\nlast"));
        Assert.Equal(4, queue.MessageCount);
        Assert.Equal(("a\nb b\n\nlast\n", 0), Tool.Run("mq", "receive", _posix, "--count", "4"));
        Assert.Equal(("", 0), await Shell($"mq send {_posix} -0", "one\ntwo\0three\0"));
        Assert.Equal(("one\ntwo\0three\0", 0), Tool.Run("mq", "receive", _posix, "-c", "2", "-0"));
    }

    [Fact]
    public async Task Input_of_many_lines_waits_for_places()
    {
        using PosixMessageQueue queue = CreatePosix();
        File.WriteAllLines(_directory["lines"], Enumerable.Range(0, 5_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        Task<(string Output, int ExitCode)> send = Shell($"mq send {_posix} --lines < {_directory["lines"]}");
        Assert.Equal(("", 0), await Shell($"mq receive {_posix} --count 5000 > {_directory["received"]}").OrHang());
        Assert.Equal(("", 0), await send.OrHang());
        Assert.Equal(File.ReadAllText(_directory["lines"]), File.ReadAllText(_directory["received"]));
    }

    [Fact]
    public async Task The_highest_priority_comes_first()
    {
        using PosixMessageQueue queue = CreatePosix();
        await Shell($"mq send {_posix}", "low");
        await Shell($"mq send {_posix} --priority 32767", "high");
        Assert.Equal(("high\nlow\n", 0), Tool.Run("mq", "receive", _posix, "--count", "2"));
    }

    [Theory]
    [InlineData("c", "--type", "2")]
    [InlineData("b", "--type", "-5")]
    [InlineData("a", "--type", "0")]
    [InlineData("b", "--except", "3")]
    public void A_receiver_chooses_by_type(string expected, params string[] options)
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Create(_key);
        queue.Send("a"u8, 3);
        queue.Send("b"u8, 1);
        queue.Send("c"u8, 2);
        Assert.Equal((expected, 0), Tool.Run(["mq", "receive", _key.ToString(), .. options]));
        Assert.Equal(2, queue.Stat().Messages);
    }

    [Fact]
    public void Peek_prints_and_takes_nothing()
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Create(_key);
        Tool.AssertFails(1, "no message", "mq", "receive", _key.ToString(), "--peek");
        queue.Send("a"u8, 3);
        queue.Send("b"u8);
        Assert.Equal(("a", 0), Tool.Run("mq", "receive", _key.ToString(), "--peek"));
        Assert.Equal(("a\nb\n", 0), Tool.Run("mq", "receive", _key.ToString(), "--peek", "--count", "5"));
        Assert.Equal(2, queue.Stat().Messages);
    }

    [Fact]
    public async Task Follow_prints_what_comes_until_it_is_interrupted()
    {
        using PosixMessageQueue queue = CreatePosix();
        ProcessStartInfo start = new(Tool.Path, ["mq", "receive", _posix, "--follow"]) { RedirectStandardOutput = true };
        using Process receive = Process.Start(start)!;
        foreach (string line in (string[])["a", "", "b c"])
        {
            await queue.SendAsync(System.Text.Encoding.ASCII.GetBytes(line));
            Assert.Equal(line, await receive.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).OrHang());
        }
        Peer.Run("sh", ["-c", $"kill -INT {receive.Id}"]);
        await receive.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(130, receive.ExitCode);
        Assert.Equal(0, queue.MessageCount);
    }

    [Fact]
    public async Task Timeout_exits_1_when_there_is_nothing_or_no_place_and_zero_tries()
    {
        using PosixMessageQueue posix = CreatePosix();
        SystemVMessageQueue systemV = SystemVMessageQueue.Create(_key);
        systemV.Set(new() { MaxBytes = 3 });
        foreach (string name in (string[])[_posix, _key.ToString()])
        {
            Tool.AssertFails(1, "Timed out", "mq", "receive", name, "--timeout", "50ms");
            string input = name == _posix ? "1\n2\n3\n4\n" : "123";
            Assert.Equal(("", 0), await Shell($"mq send {name} --lines --timeout 10s", input));
            (string output, int exitCode) = await Shell($"mq send {name} --timeout 0", "x");
            Assert.Equal(("Timed out.", 1), (output.TrimEnd()[^10..], exitCode));
        }
        Assert.Equal(4, posix.MessageCount);
        Assert.Equal(("1", 0), Tool.Run("mq", "receive", _posix, "--timeout", "0"));
        Assert.Equal(("123", 0), Tool.Run("mq", "receive", _key.ToString(), "--timeout", "0"));
        Assert.Equal(("", 0), await Shell($"mq send {_posix} --timeout 0", "y")); // There is room now.
        Assert.Equal(("", 0), await Shell($"mq send {_key} --timeout 0", "y"));
    }

    [Fact]
    public async Task A_receiver_of_a_queue_that_is_removed_fails_with_3()
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Create(_key);
        ProcessStartInfo start = new(Tool.Path, ["mq", "receive", _key.ToString()]) { RedirectStandardError = true };
        using Process receive = Process.Start(start)!;
        // It waits when its own thread for that has begun.
        await Eventually.IsTrue(() => Directory.GetDirectories($"/proc/{receive.Id}/task").Any(thread =>
            ReadOrEmpty(thread + "/comm") == "isthmus-wait\n" && ReadOrEmpty(thread + "/wchan").Contains("msgrcv", StringComparison.Ordinal)));
        Assert.Equal(("", 0), Tool.Run("mq", "unlink", queue.Id.ToString(CultureInfo.InvariantCulture)));
        Assert.Contains("EIDRM", await receive.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).OrHang(), StringComparison.Ordinal);
        await receive.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(3, receive.ExitCode);
    }

    [Fact]
    public async Task Info_of_a_POSIX_queue_tells_fill_limits_and_who_is_notified()
    {
        using PosixMessageQueue queue = CreatePosix();
        queue.Send("abc"u8);
        using CancellationTokenSource cancel = new();
        Task notification = queue.WaitForNotificationAsync(cancel.Token);
        JsonElement info = Info(_posix);
        Assert.Equal("posix-mq", info.GetProperty("object").GetProperty("kind").GetString());
        Assert.Equal(_posix.Value, info.GetProperty("object").GetProperty("name").GetString());
        Assert.Equal((1, 4, 3, 64), (Int(info, "messages"), Int(info, "max_messages"), Int(info, "bytes"), Int(info, "max_message_size")));
        Assert.Equal("0600", info.GetProperty("mode").GetString());
        Assert.Equal(Environment.ProcessId, Int(info, "notified_pid"));
        Assert.Equal(JsonValueKind.Null, info.GetProperty("system_v").ValueKind);
        string text = Tool.Run("mq", "info", _posix).Output;
        Assert.Contains("messages: 1 of 4\nbytes:    3\nlongest:  64 bytes\nmode:     0600\n", text, StringComparison.Ordinal);
        Assert.Contains($"notifies: process {Environment.ProcessId}\n", text, StringComparison.Ordinal);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => notification.OrHang());
    }

    [Fact]
    public void Info_of_a_System_V_queue_tells_fill_and_last_users()
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Create(_key);
        queue.Send("abc"u8);
        JsonElement info = Info(queue.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("sysv-mq", info.GetProperty("object").GetProperty("kind").GetString());
        Assert.Equal(_key.ToString(), info.GetProperty("object").GetProperty("name").GetString());
        Assert.Equal((1, 3), (Int(info, "messages"), Int(info, "bytes")));
        JsonElement details = info.GetProperty("system_v");
        Assert.Equal((Environment.ProcessId, 0), (Int(details, "last_sender_pid"), Int(details, "last_receiver_pid")));
        Assert.Equal(
            queue.Stat().SentAt!.Value.ToUnixTimeSeconds() * 1_000_000_000, details.GetProperty("sent_at").GetInt64());
        string text = Tool.Run("mq", "info", _key.ToString()).Output;
        Assert.Contains($"id:       {queue.Id}\nmessages: 1\nbytes:    3 of ", text, StringComparison.Ordinal);
        Assert.Contains("received: never\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_names_a_System_V_queue()
    {
        File.WriteAllText(_directory["key"], "");
        Assert.Equal(0, Tool.Run("mq", "create", "--key-file", _directory["key"], "--mode", "0644").ExitCode);
        Assert.Equal("0644", Info("--key-file", _directory["key"]).GetProperty("mode").GetString());
        Assert.Equal(("", 0), Tool.Run("mq", "unlink", "--key-file", _directory["key"]));
        Tool.AssertFails(3, "ENOENT", "mq", "unlink", "--key-file", _directory["key"]);
    }

    [Fact]
    public void A_private_queue_has_an_id_and_no_key()
    {
        string id = Tool.Run("mq", "create", "0x0").Output.TrimEnd();
        try
        {
            Assert.Equal(JsonValueKind.Null, Info(id).GetProperty("object").GetProperty("name").ValueKind);
        }
        finally
        {
            Assert.Equal(("", 0), Tool.Run("mq", "unlink", id));
        }
        Tool.AssertFails(3, "EINVAL", "mq", "info", id);
        Tool.AssertFails(2, "0x0", "mq", "info", "0x0");
    }

    [Fact]
    public async Task What_the_system_refuses_exits_3_with_its_error()
    {
        using PosixMessageQueue queue = CreatePosix();
        Tool.AssertFails(3, "EEXIST", "mq", "create", _posix);
        Tool.AssertFails(3, "fs.mqueue.msg_max", "mq", "create", _posix + "x", "--max-messages", "1000000");
        Assert.Equal(("", 0), Tool.Run("mq", "unlink", _posix));
        foreach (string verb in (string[])["info", "unlink", "receive"])
        {
            Tool.AssertFails(3, "ENOENT", "mq", verb, _posix);
        }
        SystemVMessageQueue.Create(_key);
        Tool.AssertFails(3, "EEXIST", "mq", "create", _key.ToString());
        (string output, int exitCode) = await Shell($"mq send {_key}", new string('x', 1 + SystemVMessageQueueLimits.Read().MaxMessageSize));
        Assert.Contains("kernel.msgmax", output, StringComparison.Ordinal);
        Assert.Equal(3, exitCode);
    }

    [Theory]
    [InlineData("no name here", "mq", "info", "jobs")]
    [InlineData("no further one", "mq", "create", "/a/b")]
    [InlineData("kernel chooses the id", "mq", "create", "17")]
    [InlineData("--max-messages", "mq", "create", "/x", "--max-messages", "0")]
    [InlineData("--max-size is a number", "mq", "create", "/x", "--max-size", "2G")]
    [InlineData("--max-size is for POSIX", "mq", "create", "0x77", "--max-size", "10")]
    [InlineData("--priority is for POSIX", "mq", "send", "0x77", "--priority", "1")]
    [InlineData("--priority is a number", "mq", "send", "/x", "--priority", "32768")]
    [InlineData("--type is for System V", "mq", "send", "/x", "--type", "1")]
    [InlineData("--type is a number", "mq", "send", "0x77", "--type", "0")]
    [InlineData("exclude each other", "mq", "send", "/x", "--lines", "-0")]
    [InlineData("--type is for System V", "mq", "receive", "/x", "--type", "1")]
    [InlineData("--except is for System V", "mq", "receive", "/x", "--except", "1")]
    [InlineData("--peek is for System V", "mq", "receive", "/x", "--peek")]
    [InlineData("exclude each other", "mq", "receive", "0x77", "--type", "1", "--except", "2")]
    [InlineData("by position", "mq", "receive", "0x77", "--peek", "--follow")]
    [InlineData("--except is a number", "mq", "receive", "0x77", "--except", "0")]
    public void Bad_input_is_refused_in_one_line(string says, params string[] args) => Tool.AssertFails(2, says, args);

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static JsonElement Info(params string[] name)
    {
        (string text, int exitCode) = Tool.Run(["mq", "info", .. name, "--json"]);
        Assert.True(exitCode == 0, text);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(1, info.GetProperty("schema").GetInt32());
        return info;
    }

    // Redirections are the shell's, so that no byte passes through a string.
    private static Task<(string Output, int ExitCode)> Shell(string command, string input = "") =>
        Task.Run(() => Peer.Run("sh", ["-c", $"exec {Tool.Path} {command}"], input));

    private PosixMessageQueue CreatePosix() => PosixMessageQueue.Create(_posix, new() { MaxMessages = 4, MaxMessageSize = 64 });

    // One of the runtime's threads may end while it is looked at.
    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
