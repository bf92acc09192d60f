using System.Globalization;
using System.Text.Json;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

public sealed class LsCommandTests(Zoo zoo) : IClassFixture<Zoo>
{
    private readonly Zoo _zoo = zoo;

    private string Pid => _zoo.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public void Everything_planted_is_listed_with_its_user()
    {
        JsonElement[] objects = Objects("ls", "--all", "--pid", Pid, "--json");
        foreach (JsonElement animal in _zoo.Animals)
        {
            int descriptor = animal.GetProperty("fd").GetInt32();
            JsonElement found = Assert.Single(objects, each => each.GetProperty("users").EnumerateArray().Any(user =>
                user.GetProperty("process").GetProperty("pid").GetInt32() == _zoo.ProcessId
                && user.GetProperty("relation").GetString() is "open" or "listens"
                && user.GetProperty("descriptor").ToString() == Text(descriptor)));
            Assert.Equal(
                (descriptor, animal.GetProperty("kind").GetString(), animal.GetProperty("name").GetString()),
                (descriptor, Kind(found), Name(found)));
            foreach (string property in (string[])["fill", "size"])
            {
                if (animal.TryGetProperty(property, out JsonElement expected))
                {
                    Assert.Equal(expected.GetInt64(), found.GetProperty(property).GetInt64());
                }
            }
        }
        Assert.Equal(4, objects.Count(each => Kind(each) == "lock"));
        Assert.Single(objects, each => Kind(each) == "sysv-shm" && each.GetProperty("object").GetProperty("id").GetString() == Text(_zoo.SegmentId));
    }

    [Fact]
    public void Kinds_and_names_filter()
    {
        Assert.All(Objects("ls", "pipe", "fifo", "--json"), each => Assert.Contains(Kind(each), (string[])["pipe", "fifo"]));
        JsonElement socket = Assert.Single(Objects("ls", "unix", "--name", _zoo.Directory + "/s*", "--pid", Pid, "--json"), IsListening);
        Assert.Equal((1, 7), (socket.GetProperty("fill").GetInt32(), socket.GetProperty("capacity").GetInt32()));
        (string nothing, int exitCode) = Tool.Run("ls", "fifo", "--name", "/no/such/name");
        Assert.Equal(1, exitCode);
        Assert.Equal([["KIND", "ID", "NAME", "OWNER", "MODE", "SIZE", "FILL", "USES"]], Words(nothing));
        // Files stay out unless somebody shares or locks them, or they are asked for.
        Assert.DoesNotContain(Objects("ls", "--pid", Pid, "--json"), each => Kind(each) is "file" or "directory" or "device");
        Assert.Contains(Objects("ls", "file", "--pid", Pid, "--json"), each => Name(each) == _zoo.Directory + "/file");

        static bool IsListening(JsonElement each) => each.GetProperty("socket").GetProperty("state").GetString() == "listening";
    }

    [Fact]
    public void Columns_are_chosen_and_added()
    {
        string name = _zoo.Directory + "/fifo";
        int descriptor = _zoo.Animals.Single(each => each.GetProperty("kind").GetString() == "fifo").GetProperty("fd").GetInt32();
        (string text, int exitCode) = Tool.Run("ls", "fifo", "--name", name, "-o", "name,uses");
        Assert.Equal(0, exitCode);
        Assert.Equal([["NAME", "USES"], [name, $"{Pid}:{descriptor}rw"]], Words(text));
        (text, _) = Tool.Run("ls", "fifo", "--name", name, "-o", "+users");
        Assert.Equal(["KIND", "ID", "NAME", "OWNER", "MODE", "SIZE", "FILL", "USES", "USERS"], Words(text)[0]);
        (text, _) = Tool.Run("ls", "fifo", "--name", name, "-o", "+fill,users,USERS");
        Assert.Equal(["KIND", "ID", "NAME", "OWNER", "MODE", "SIZE", "FILL", "USES", "USERS"], Words(text)[0]);
        (text, exitCode) = Tool.Run("ls", "--list-columns");
        Assert.Equal(0, exitCode);
        Assert.Contains("\nstate ", text, StringComparison.Ordinal);
        Tool.AssertFails(2, "no column 'shape'", "ls", "-o", "kind,shape");
    }

    [Fact]
    public async Task What_nobody_has_open_is_stale()
    {
        using QueueName name = new();
        PosixMessageQueue.Create(name).Dispose();
        using PosixSharedMemory memory = PosixSharedMemory.Create(name, 4096);
        try
        {
            string?[] held = [.. Objects("ls", "--stale", "--json").Select(Kind)];
            Assert.DoesNotContain("pipe", held);
            Assert.DoesNotContain(Objects("ls", "posix-shm", "--name", name, "--json"), each => each.GetProperty("users").GetArrayLength() == 0);
            memory.Dispose();
            await BecomesStaleAsync("posix-shm", name);
        }
        finally
        {
            PosixSharedMemory.Unlink(name);
        }
    }

    [Fact]
    public async Task Objects_of_Isthmus_are_listed_with_who_takes_part_and_who_holds()
    {
        string name = "isthmus-test-ls-" + Text(Environment.ProcessId);
        using SharedMutex mutex = SharedMutex.Create(name);
        try
        {
            using SharedMutexScope scope = mutex.Enter();
            JsonElement segment = Assert.Single(Objects("ls", "segment", "--name", name, "--json"));
            Assert.Equal("mutex", segment.GetProperty("segment_kind").GetString());
            string?[] relations =
            [
                .. from user in segment.GetProperty("users").EnumerateArray()
                   where user.GetProperty("process").GetProperty("pid").GetInt32() == Environment.ProcessId
                   select user.GetProperty("relation").GetString(),
            ];
            Assert.All(["holds", "maps", "takes_part"], relation => Assert.Contains(relation, relations));
            foreach (string word in (string[])["segment:" + name, "mutex:" + name, name, $"/dev/shm/isthmus-{LibC.geteuid()}/{name}"])
            {
                // With a bare name the lock of its file comes too.
                Assert.Equal(Name(segment), Name(Assert.Single(Objects("show", word, "--json"), each => Kind(each) == "segment")));
            }
            Tool.AssertFails(1, "no process or object", "show", "queue:" + name);
            Assert.Empty(Objects("ls", "segment", "--name", name, "--stale", "--json"));
            scope.Dispose();
            mutex.Dispose();
            await BecomesStaleAsync("segment", name);
        }
        finally
        {
            SharedMutex.Unlink(name);
        }
    }

    [Fact]
    public void The_bytes_in_a_pipe_are_told_on_demand()
    {
        using Actor actor = Actor.Python("r, w = os.pipe(); os.write(w, b'hello'); say(r); ask()");
        string mine = Text(actor.Id);
        int descriptor = actor.ReadNumber();
        Assert.Equal(JsonValueKind.Null, Fill("ls", "pipe", "--pid", mine, "--json").ValueKind);
        Assert.Equal(5, Fill("ls", "pipe", "--pid", mine, "--json", "--fill").GetInt32());

        JsonElement Fill(params string[] args) => Objects(args).Single(each => each.GetProperty("users").EnumerateArray().Any(user =>
            user.GetProperty("process").GetProperty("pid").GetInt32() == actor.Id && user.GetProperty("descriptor").GetInt32() == descriptor))
            .GetProperty("fill");
    }

    [Fact]
    public void Names_of_others_cannot_reach_the_terminal()
    {
        (string text, int exitCode) = Tool.Run("ls", "lock", "--name", _zoo.Directory + "/a b*", "-o", "name,state");
        Assert.Equal(0, exitCode);
        Assert.Contains(@"/a b\x0a\c (deleted)", text, StringComparison.Ordinal);
        Assert.Equal(2, Words(text).Length);
    }

    [Fact]
    public void The_runtimes_own_objects_can_be_left_out()
    {
        string self = Text(Environment.ProcessId);
        Assert.Contains(Objects("ls", "unix", "--pid", self, "--json"), IsRuntime);
        (string text, int exitCode) = Tool.Run("ls", "unix", "--pid", self, "--no-runtime", "--json");
        Assert.InRange(exitCode, 0, 1);
        Assert.DoesNotContain(System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("objects").EnumerateArray(), IsRuntime);

        static bool IsRuntime(JsonElement each) => each.GetProperty("runtime").GetBoolean();
    }

    [Theory]
    [InlineData(2, "'teapot' is no kind", "ls", "teapot")]
    [InlineData(2, "'process' is no kind", "ls", "process")]
    [InlineData(2, "--pid is a number from 1", "ls", "--pid", "0")]
    [InlineData(1, "no process 2147483647", "ls", "--pid", "2147483647")]
    public void Bad_input_is_refused_in_one_line(int exitCode, string says, params string[] args) => Tool.AssertFails(exitCode, says, args);

    // A child that another test has just made has what we had, until it runs its own program.
    private static Task BecomesStaleAsync(string kind, string name) =>
        Eventually.IsTrue(() => Objects("ls", kind, "--stale", "--name", name, "--json").Length == 1);

    private static JsonElement[] Objects(params string[] args)
    {
        (string text, int exitCode) = Tool.Run(args);
        Assert.True(exitCode is 0 or 1, text);
        // Notices of what may not be seen go to standard error, behind.
        JsonElement root = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        return [.. root.GetProperty("objects").EnumerateArray()];
    }

    // Without the notices of what may not be seen.
    private static string[][] Words(string text) =>
    [
        .. from line in text.Split('\n')
           where line.Length > 0 && !line.StartsWith("isthmus ls:", StringComparison.Ordinal)
           select line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
    ];

    private static string? Kind(JsonElement found) => found.GetProperty("object").GetProperty("kind").GetString();

    private static string? Name(JsonElement found) => found.GetProperty("object").GetProperty("name").GetString();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
