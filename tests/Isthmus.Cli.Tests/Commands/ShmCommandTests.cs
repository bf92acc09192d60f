using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class ShmCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SystemVKey _key = new(Random.Shared.Next(1, int.MaxValue));

    private string Name { get; } = $"/isthmus-test-{Guid.NewGuid():N}";

    private string Key => _key.ToString();

    public void Dispose()
    {
        _directory.Dispose();
        File.Delete("/dev/shm" + Name);
        try
        {
            SystemVSharedMemory.Remove(SystemVSharedMemory.Find(_key));
        }
        catch (FileNotFoundException)
        {
            // The test has done it.
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Write_and_read_carry_any_bytes(bool systemV)
    {
        string name = systemV ? Key : Name;
        byte[] data = new byte[3_000_000];
        Random.Shared.NextBytes(data);
        File.WriteAllBytes(_directory["sent"], data);
        Assert.Equal(0, Tool.Run("shm", "create", name, "--size", "3000000").ExitCode);
        Assert.Equal(("", 0), Shell($"shm write {name} < {_directory["sent"]}"));
        Assert.Equal(("", 0), Shell($"shm read {name} > {_directory["received"]}"));
        Assert.True(data.AsSpan().SequenceEqual(File.ReadAllBytes(_directory["received"])));

        File.WriteAllBytes(_directory["part"], data[..1000]);
        Assert.Equal(("", 0), Shell($"shm write {name} --offset 2999000 < {_directory["part"]}"));
        Assert.Equal(("", 0), Shell($"shm read {name} --offset 2998999 --length 1001 > {_directory["received"]}"));
        Assert.Equal([data[2_998_999], .. data[..1000]], File.ReadAllBytes(_directory["received"]));
        Assert.Equal(("", 0), Tool.Run("shm", "unlink", name));
    }

    [Fact]
    public void Read_and_write_meet_with_a_program()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(Name, 100);
        "hello"u8.CopyTo(memory.Span[10..]);
        Assert.Equal(("hello", 0), Tool.Run("shm", "read", Name, "--offset", "10", "--length", "5"));
        Assert.Equal(("", 0), Peer.Run(Tool.Path, ["shm", "write", Name, "--offset", "12"], "LL"));
        Assert.Equal("heLLo"u8, memory.Span.Slice(10, 5));
    }

    [Fact]
    public void What_does_not_fit_is_not_written()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(Name, 10);
        (string output, int exitCode) = Peer.Run(Tool.Path, ["shm", "write", Name, "--offset", "8"], "abc");
        Assert.Contains("2 bytes from 8", output, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
        Tool.AssertFails(2, "10 bytes", "shm", "read", Name, "--offset", "11");
        Tool.AssertFails(2, "10 bytes", "shm", "read", Name, "--offset", "5", "--length", "6");
        Assert.Equal(("", 0), Tool.Run("shm", "read", Name, "--offset", "10"));
    }

    [Fact]
    public void Info_tells_of_a_POSIX_object()
    {
        Assert.Equal(("", 0), Tool.Run("shm", "create", Name, "--size", "64K", "--mode", "0640"));
        (string text, int exitCode) = Tool.Run("shm", "info", Name, "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(1, info.GetProperty("schema").GetInt32());
        Assert.Equal("posix-shm", info.GetProperty("object").GetProperty("kind").GetString());
        Assert.Equal(Name, info.GetProperty("object").GetProperty("name").GetString());
        Assert.Equal(65_536, info.GetProperty("size").GetInt64());
        Assert.Equal(65_536, info.GetProperty("allocated").GetInt64());
        Assert.Equal("0640", info.GetProperty("mode").GetString());
        Assert.Equal(JsonValueKind.Null, info.GetProperty("system_v").ValueKind);
        Assert.Contains("size:      65536 bytes", Tool.Run("shm", "info", Name).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_tells_of_a_System_V_segment_who_has_it_attached()
    {
        (string created, int done) = Tool.Run("shm", "create", Key, "--size", "5000");
        Assert.Equal(0, done);
        int id = int.Parse(created, CultureInfo.InvariantCulture);
        using SystemVSharedMemory memory = SystemVSharedMemory.Open(_key);
        memory.LockSegment();
        Assert.Equal(id, memory.Id);
        (string text, int exitCode) = Tool.Run("shm", "info", id.ToString(CultureInfo.InvariantCulture), "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal("sysv-shm", info.GetProperty("object").GetProperty("kind").GetString());
        Assert.Equal(Key, info.GetProperty("object").GetProperty("name").GetString());
        Assert.Equal(created.Trim(), info.GetProperty("object").GetProperty("id").GetString());
        JsonElement details = info.GetProperty("system_v");
        Assert.Equal(1, details.GetProperty("attached").GetInt32());
        Assert.Equal(Environment.ProcessId, details.GetProperty("last_pid").GetInt32());
        Assert.True(details.GetProperty("locked").GetBoolean());
        Assert.False(details.GetProperty("removed").GetBoolean());
        Assert.Equal(("", 0), Tool.Run("shm", "unlink", Key));
        Assert.Contains("gone with the last", Tool.Run("shm", "info", created.Trim()).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_names_a_segment()
    {
        File.WriteAllText(_directory["key"], "");
        SystemVKey key = SystemVKey.FromFile(_directory["key"]);
        Assert.Equal(0, Tool.Run("shm", "create", "--key-file", _directory["key"], "--size", "10").ExitCode);
        Assert.Equal(10, SystemVSharedMemory.Stat(SystemVSharedMemory.Find(key)).Length);
        Assert.Equal(("", 0), Tool.Run("shm", "unlink", "--key-file", _directory["key"]));
        Assert.Throws<FileNotFoundException>(() => SystemVSharedMemory.Find(key));
    }

    [Fact]
    public void Failures_of_the_system_exit_3()
    {
        Tool.AssertFails(3, "ENOENT", "shm", "read", Name);
        Tool.AssertFails(3, "ENOENT", "shm", "unlink", Key);
        Tool.AssertFails(3, "EINVAL", "shm", "info", "2147483647");
        Assert.Equal(("", 0), Tool.Run("shm", "create", Name, "--size", "1"));
        Tool.AssertFails(3, "EEXIST", "shm", "create", Name, "--size", "1");
        File.WriteAllText("/dev/shm" + Name, "");
        Tool.AssertFails(3, "is empty", "shm", "read", Name);
    }

    [Theory]
    [InlineData("Option '--size' is required", "shm", "create", "/x")]
    [InlineData("no number of bytes", "shm", "create", "/x", "--size", "much")]
    [InlineData("--size is a number from 1.", "shm", "create", "/x", "--size", "0")]
    [InlineData("is no name", "shm", "create", "/x/y", "--size", "1")]
    [InlineData("is no name", "shm", "info", "x")]
    [InlineData("kernel chooses the id", "shm", "create", "5", "--size", "1")]
    [InlineData("private key", "shm", "read", "0x0")]
    [InlineData("Say which object", "shm", "unlink")]
    public void Bad_input_is_refused_in_one_line(string says, params string[] args) => Tool.AssertFails(2, says, args);

    private static (string Output, int ExitCode) Shell(string command) => Peer.Run("sh", ["-c", $"exec {Tool.Path} {command}"]);
}
