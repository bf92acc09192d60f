using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

public sealed class CleanCommandTests : IDisposable
{
    private readonly QueueName _name = new();

    public void Dispose() => _name.Dispose();

    [Fact]
    public async Task Memory_that_nobody_has_is_left_over_and_removed_only_when_asked_for()
    {
        PosixSharedMemory.Create(_name, 4096).Dispose();
        await BecomesAsync("left_over", "posix-shm", _name.Value);
        await BecomesAsync("left_over", "posix-shm", _name.Value);
        await BecomesAsync("removed", "posix-shm", _name.Value, "--apply");
        Assert.Throws<FileNotFoundException>(() => PosixSharedMemory.Open(_name));
        Assert.Null(Clean("posix-shm"));
    }

    [Fact]
    public void Memory_that_somebody_has_only_mapped_in_another_pid_namespace_stays()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 4096);
        memory.Handle.Dispose();
        Assert.Null(Clean("posix-shm"));
        // The tool sees nobody, and the kernel does.
        (string output, _) = Peer.Run(
            "unshare", ["--pid", "--fork", "--mount-proc", Tool.Path, "clean", "posix-shm", "--name", _name.Value, "--apply", "--json"]);
        JsonElement found = Assert.Single(JsonOf(output).GetProperty("leftovers").EnumerateArray());
        Assert.Equal("unprovable", State(found));
        Assert.Contains("cannot be seen", found.GetProperty("reason").GetString(), StringComparison.Ordinal);
        PosixSharedMemory.Unlink(_name);
    }

    [Fact]
    public async Task A_semaphore_that_nobody_has_open_is_left_over()
    {
        using (PosixSemaphore semaphore = PosixSemaphore.Create(_name, 1))
        {
            Assert.Null(Clean("posix-semaphore"));
        }
        await BecomesAsync("removed", "posix-semaphore", _name.Value, "--apply");
        Assert.Throws<FileNotFoundException>(() => PosixSemaphore.Open(_name));
    }

    [Fact]
    public async Task System_V_memory_goes_when_nobody_has_it_attached_and_queues_and_semaphores_never()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(SystemVKey.Private, 4096);
        string id = memory.Id.ToString(CultureInfo.InvariantCulture);
        Assert.Null(CleanNamed("sysv-shm", id));
        memory.Dispose();
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(SystemVKey.Private, 1);
        try
        {
            await BecomesAsync("removed", "sysv-shm", id, "--apply");
            JsonElement? found = CleanNamed("sysv-semaphore-set", set.Id.ToString(CultureInfo.InvariantCulture), "--apply");
            Assert.Equal("unprovable", State(found));
            Assert.Equal(0, set.GetValue(0));
        }
        finally
        {
            set.Remove();
        }
    }

    [Fact]
    public void A_socket_file_whose_process_is_gone_is_left_over_and_one_that_is_alive_is_not()
    {
        using TemporaryDirectory directory = new();
        UnixAddress address = UnixAddress.FromPath(directory["alive"]);
        using UnixListener alive = UnixListener.Create(address);
        using (Actor actor = Actor.Python("s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); say(1); hold()", directory["dead"]))
        {
            actor.ReadNumbers();
            Assert.Null(CleanNamed("unix", directory.Root + "/*"));
        }
        JsonElement? found = CleanNamed("unix", directory.Root + "/*", "--apply");
        Assert.Equal((directory["dead"], "removed"), (found!.Value.GetProperty("name").GetString(), State(found)));
        Assert.False(File.Exists(directory["dead"]));
        Assert.True(address.IsBound());
    }

    [Fact]
    public async Task Objects_of_Isthmus_in_which_nobody_takes_part_are_left_over_whatever_they_are()
    {
        string name = _name.Value[1..];
        string path = $"/dev/shm/isthmus-{(Environment.IsPrivilegedProcess ? "0" : Peer.Run("id", ["-u"]).Output.Trim())}/{name}";
        using (SharedMutex.Create(name))
        {
            Assert.Null(CleanNamed("segment", path, "--apply"));
        }
        JsonElement found = await BecomesAsync("left_over", "segment", path);
        Assert.StartsWith("a mutex in which nobody takes part", found.GetProperty("reason").GetString(), StringComparison.Ordinal);
        await BecomesAsync("removed", "segment", path, "--apply");
        Assert.False(File.Exists(path));

        using (SharedStream stream = SharedStream.Create(name))
        {
            stream.Write(new byte[5]);
        }
        found = await BecomesAsync("removed", "segment", path, "--apply");
        Assert.Contains("a stream in which nobody takes part", found.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("; it holds 5 bytes that nobody has read", found.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null(CleanNamed("segment", path));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Tool.AssertFails(2, "'pipe' is no kind of object that can be left over", "clean", "pipe");
        Tool.AssertFails(2, "--old", "clean", "--old");
    }

    // For a moment somebody may have it still or again: a child that another test has just made, until it runs its own program, or who looks at it.
    private static async Task<JsonElement> BecomesAsync(string state, string kind, string name, params string[] rest)
    {
        JsonElement? found = null;
        await Eventually.IsTrue(() => State(found = CleanNamed(kind, name, rest)) == state);
        return found!.Value;
    }

    private JsonElement? Clean(string kind, params string[] rest) => CleanNamed(kind, _name.Value, rest);

    // The only one of its name.
    private static JsonElement? CleanNamed(string kind, string name, params string[] rest)
    {
        JsonElement[] found = [.. JsonOf(Tool.Run(["clean", kind, "--name", name, "--json", .. rest]).Output).GetProperty("leftovers").EnumerateArray()];
        return found.Length == 0 ? null : Assert.Single(found);
    }

    private static JsonElement JsonOf(string output) => System.Text.Json.JsonDocument.Parse(output).RootElement;

    private static string? State(JsonElement? found) => found?.GetProperty("state").GetString();
}
