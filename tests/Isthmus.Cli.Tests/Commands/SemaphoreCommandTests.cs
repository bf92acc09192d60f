using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class SemaphoreCommandTests : IDisposable
{
    private readonly SystemVKey _key = new(Random.Shared.Next(1, int.MaxValue));

    private string Name { get; } = $"/isthmus-test-{Guid.NewGuid():N}";

    private string Key => _key.ToString();

    public void Dispose()
    {
        File.Delete("/dev/shm/sem." + Name[1..]);
        try
        {
            SystemVSemaphoreSet.Open(_key, new() { AcceptUninitialized = true }).Remove();
        }
        catch (FileNotFoundException)
        {
            // The test has done it, or made none.
        }
    }

    [Fact]
    public void A_POSIX_semaphore_is_made_used_and_removed()
    {
        Assert.Equal(("", 0), Tool.Run("semaphore", "create", Name, "--value", "2", "--mode", "0640"));
        Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", Name));
        using PosixSemaphore semaphore = PosixSemaphore.Open(Name);
        Assert.Equal(1, semaphore.Value);
        Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", Name, "--timeout", "0"));
        Tool.AssertFails(1, "Timed out", "semaphore", "acquire", Name, "--timeout", "0");
        Tool.AssertFails(1, "Timed out", "semaphore", "acquire", Name, "--timeout", "20ms");
        Assert.Equal(("", 0), Tool.Run("semaphore", "release", Name));
        Assert.Equal(1, semaphore.Value);
        (string text, int exitCode) = Tool.Run("semaphore", "info", Name, "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(("posix-semaphore", Name), (Text(info, "object", "kind"), Text(info, "object", "name")));
        Assert.Equal((1, "0640", 1), (info.GetProperty("schema").GetInt32(), Text(info, "mode"), info.GetProperty("value").GetInt32()));
        Assert.Equal(JsonValueKind.Null, info.GetProperty("system_v").ValueKind);
        Assert.Contains("value:   1", Tool.Run("semaphore", "info", Name).Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), Tool.Run("semaphore", "unlink", Name));
        Tool.AssertFails(3, "ENOENT", "semaphore", "info", Name);
    }

    [Fact]
    public void A_set_is_made_used_and_removed()
    {
        (string created, int done) = Tool.Run("semaphore", "create", Key, "--value", "1,0,5");
        Assert.Equal(0, done);
        string id = created.Trim();
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Open(_key);
        Assert.Equal(id, set.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", Key, "--index", "2", "--units", "4"));
        Assert.Equal(("", 0), Tool.Run("semaphore", "release", id, "--index", "1", "--units", "2"));
        Assert.Equal([1, 2, 1], set.GetValues());
        Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", id, "--op", "0:-1,1:-2,2:+3,0:0"));
        Assert.Equal([0, 0, 4], set.GetValues());
        Tool.AssertFails(1, "Timed out", "semaphore", "acquire", id, "--op", "2:-1,0:-1", "--timeout", "20ms");
        Tool.AssertFails(1, "nothing was done", "semaphore", "release", id, "--op", "1:+1,0:-1");
        Assert.Equal([0, 0, 4], set.GetValues());
        Assert.Equal(("", 0), Tool.Run("semaphore", "unlink", id));
        Tool.AssertFails(3, "semctl", "semaphore", "info", id);
    }

    [Fact]
    public void What_is_to_be_undone_is_undone_when_the_command_ends()
    {
        Assert.Equal(0, Tool.Run("semaphore", "create", Key, "--count", "2").ExitCode);
        Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", Key, "--op", "0:-1u,1:-1"));
        Assert.Equal([1, 0], SystemVSemaphoreSet.Open(_key).GetValues());
    }

    [Fact]
    public void Info_tells_who_waits_for_a_set()
    {
        SystemVSemaphoreSet set = SystemVSemaphoreSet.Create(_key, 2, new() { InitialValues = [0, 1] });
        Blocked units = Blocked.In(() => set.Acquire(0));
        Blocked zero = Blocked.In(() => set.WaitForZero(1));
        (string text, int exitCode) = Tool.Run("semaphore", "info", Key, "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal(("sysv-semaphore-set", Key), (Text(info, "object", "kind"), Text(info, "object", "name")));
        Assert.Equal(JsonValueKind.Null, info.GetProperty("value").ValueKind);
        JsonElement semaphores = info.GetProperty("system_v").GetProperty("semaphores");
        Assert.Equal(1, semaphores[0].GetProperty("waiting_for_units").GetInt32());
        Assert.Equal(1, semaphores[1].GetProperty("waiting_for_zero").GetInt32());
        Assert.Equal(Environment.ProcessId, semaphores[1].GetProperty("last_pid").GetInt32());
        Assert.Contains("[0]:     0 units, 1 waiting for units", Tool.Run("semaphore", "info", Key).Output, StringComparison.Ordinal);
        Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", Key, "--op", "0:+1,1:-1"));
        units.Join();
        zero.Join();
    }

    [Fact]
    public void Acquire_waits_for_a_release()
    {
        using PosixSemaphore semaphore = PosixSemaphore.Create(Name, 0);
        Blocked acquire = Blocked.In(() => Assert.Equal(("", 0), Tool.Run("semaphore", "acquire", Name, "--timeout", "1m")));
        Assert.Equal(("", 0), Tool.Run("semaphore", "release", Name));
        acquire.Join();
        Assert.Equal(0, semaphore.Value);
    }

    [Fact]
    public void Bad_input_is_refused_with_what_to_do()
    {
        Assert.Equal(0, Tool.Run("semaphore", "create", Key).ExitCode);
        using PosixSemaphore full = PosixSemaphore.Create(Name, PosixSemaphore.ValueMax);
        Tool.AssertFails(3, "EEXIST", "semaphore", "create", Name);
        Tool.AssertFails(3, "EEXIST", "semaphore", "create", Key);
        Tool.AssertFails(3, "EOVERFLOW", "semaphore", "release", Name);
        Tool.AssertFails(3, "ERANGE", "semaphore", "release", Key, "--units", "32767");
        Tool.AssertFails(3, "EFBIG", "semaphore", "release", Key, "--index", "1");
        Tool.AssertFails(2, "index", "semaphore", "acquire", Key, "--index", "-1");
        Tool.AssertFails(2, "units", "semaphore", "acquire", Key, "--units", "0");
        Tool.AssertFails(2, "0:-1", "semaphore", "acquire", Key, "--op", "0");
        Tool.AssertFails(2, "0:-1", "semaphore", "acquire", Key, "--op", "0:-99999");
        Tool.AssertFails(2, "leave out --index", "semaphore", "acquire", Key, "--op", "0:-1", "--index", "0");
        Tool.AssertFails(2, "for System V sets", "semaphore", "acquire", Name, "--index", "0");
        Tool.AssertFails(2, "for System V sets", "semaphore", "create", Name + "-2", "--count", "2");
        Tool.AssertFails(2, "2 values for 3", "semaphore", "create", "0x0", "--count", "3", "--value", "1,2");
        Tool.AssertFails(2, "no values", "semaphore", "create", Name + "-2", "--value", "-1");
        Tool.AssertFails(2, "count", "semaphore", "create", "0x0", "--count", "0");
        Tool.AssertFails(2, "chooses the id", "semaphore", "create", "12");
        Tool.AssertFails(3, "ENOENT", "semaphore", "info", "bare-and-not-there");
        Tool.AssertFails(2, "slash", "semaphore", "info", "/a/b");
        Tool.AssertFails(3, "ENOENT", "semaphore", "unlink", Name + "-2");
    }

    private static string? Text(JsonElement element, params string[] path)
    {
        foreach (string name in path)
        {
            element = element.GetProperty(name);
        }
        return element.GetString();
    }
}
