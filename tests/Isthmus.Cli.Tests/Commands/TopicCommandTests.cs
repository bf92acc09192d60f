using System.Diagnostics;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

public sealed class TopicCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Late_subscriber_prints_the_history()
    {
        Assert.Equal(("", 0), Run("create", "--history", "2", "--max-sample", "16", "--max-publishers", "1"));
        Fails(3, "EEXIST", "create");
        Assert.Equal(("", 0), Publish("one\ntwo\nthree\n", "--lines"));
        Assert.Equal(("three", 0), Run("subscribe", "--history", "1"));
        Assert.Equal(("two\nthree\n", 0), Run("subscribe", "--history", "9", "--count", "2"));
        Assert.Equal(("", 0), Publish("whole\n"));
        Assert.Equal(("whole\n", 0), Run("subscribe", "--history", "1", "--timeout", "10s"));
        Assert.Equal(("", 0), Publish("a\0b\0", "-0"));
        Assert.Equal(("a\0b\0", 0), Run("subscribe", "--history", "2", "-0", "--count", "2"));
        Fails(1, "Timed out", "subscribe", "--timeout", "20ms");
        Assert.Equal(("", 0), Run("unlink"));
        Fails(3, "ENOENT", "subscribe");
    }

    [Fact]
    public async Task Subscribe_waits_for_what_is_published_and_info_tells_of_it()
    {
        Assert.Equal(("", 0), Run("create", "--buffer", "8", "--max-subscribers", "1"));
        Task<(string Output, int ExitCode)> waiting = Task.Run(() => Run("subscribe", "--block", "--count", "3"));
        await Eventually.IsTrue(() => Info().GetProperty("waiters").GetInt32() == 1);
        JsonElement subscriber = Assert.Single(Info().GetProperty("subscribers").EnumerateArray());
        Assert.Equal(("block", 0, 0L), (
            subscriber.GetProperty("overflow").GetString(), subscriber.GetProperty("loans").GetInt32(), subscriber.GetProperty("lost").GetInt64()));
        Fails(1, "has all the 1 subscribers that it was made for; make it with a higher --max-subscribers.", "subscribe");
        Assert.Equal(("", 0), Publish("1\n2\n3\n", "--lines"));
        Assert.Equal(("1\n2\n3\n", 0), await waiting.OrHang());
        JsonElement info = Info();
        JsonElement publisher = Assert.Single(info.GetProperty("publishers").EnumerateArray());
        Assert.Equal(("topic", 8, 3L, JsonValueKind.Null), (
            info.GetProperty("object").GetProperty("kind").GetString(), info.GetProperty("buffer").GetInt32(),
            publisher.GetProperty("published").GetInt64(), publisher.GetProperty("slot").ValueKind));
        Assert.Contains("publisher 0:   gone, 3 published", Run("info").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscriber_that_is_slow_says_what_it_has_lost()
    {
        using Topic topic = Topic.Create("it", new() { Directory = _directory.Root, Buffer = 4, MaxSubscribers = 1, MaxPublishers = 1 });
        using Publisher publisher = topic.CreatePublisher();
        using Process tool = Start("subscribe", "--count", "2000");
        Assert.True(SpinWait.SpinUntil(() => topic.GetStatus().Subscribers.Count == 1, Child.Limit));
        // Somebody that does not read its output is slow.
        for (int number = 0; number < 100_000; number++)
        {
            publisher.Publish(new byte[1000]);
        }
        // It may not know yet, and cannot get to know while nobody takes what it prints.
        Task taken = tool.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        Assert.Contains("of publisher 0 were lost", await tool.StandardError.ReadLineAsync().OrHang(), StringComparison.Ordinal);
        tool.Kill();
        Assert.True(tool.WaitForExit(Child.Limit));
        await taken.OrHang();
    }

    [Fact]
    public void Publish_when_all_places_are_taken_ends_with_1_and_names_the_option()
    {
        using Topic topic = Topic.Create("it", new() { Directory = _directory.Root, MaxPublishers = 1, MaxParticipants = 2 });
        using Publisher publisher = topic.CreatePublisher();
        Fails(1, "make it with a higher --max-publishers.", "publish");
        using Topic second = Topic.Open("it", new() { Directory = _directory.Root });
        Fails(1, "make it with a higher --max-participants.", "publish");
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Fails(2, "--max-sample is a number from 1", "create", "--max-sample", "2G");
        Fails(2, "--max-publishers is a number from 1 to 64", "create", "--max-publishers", "0");
        Fails(2, "of at most", "create", "--max-sample", "1G", "--buffer", "1000");
        Assert.Equal(("", 0), Run("create", "--max-sample", "4"));
        (string output, int exitCode) = Publish("hello", "--timeout", "10s");
        Assert.Equal(2, exitCode);
        Assert.Contains("has 5 bytes", output, StringComparison.Ordinal);
        Fails(2, "exclude each other", "publish", "--lines", "-0");
        Fails(2, "--history is a number", "subscribe", "--history", "-1");
    }

    [Fact]
    public void Publish_with_a_timeout_gives_up_while_somebody_blocks()
    {
        using Topic topic = Topic.Create("it", new() { Directory = _directory.Root });
        using Subscriber blocking = topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block });
        using (Publisher publisher = topic.CreatePublisher())
        {
            while (publisher.TryPublish([1]))
            {
            }
        }
        (string output, int exitCode) = Publish("x", "--timeout", "50ms");
        Assert.Equal(1, exitCode);
        Assert.Contains("Timed out", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_with_subscribers_begins_when_there_are_so_many_and_until_end_ends_with_the_publishers()
    {
        Assert.Equal(("", 0), Run("create", "--max-subscribers", "2"));
        using Process publisher = Start("publish", "--lines", "--subscribers", "2");
        publisher.StandardInput.Write("1\n2\n");
        publisher.StandardInput.Close();
        Task<(string Output, int ExitCode)> following = Task.Run(() => Run("subscribe", "--follow", "--until-end"));
        Task<(string Output, int ExitCode)> counting = Task.Run(() => Run("subscribe", "--count", "9", "--until-end"));
        Assert.Equal(("1\n2\n", 0), await following.OrHang());
        Assert.Equal(("1\n2\n", 0), await counting.OrHang());
        Assert.True(publisher.WaitForExit(Child.Limit));
        Assert.Equal(0, publisher.ExitCode);
        Assert.Equal(("", 0), Publish("3", "--subscribers", "0"));
        Fails(1, "No publisher of 'it' is left.", "subscribe", "--until-end");
    }

    [Fact]
    public void Publish_with_a_timeout_gives_up_when_too_few_subscribe()
    {
        Assert.Equal(("", 0), Run("create", "--max-subscribers", "2"));
        (string output, int exitCode) = Publish("x", "--subscribers", "1", "--timeout", "20ms");
        Assert.Equal(1, exitCode);
        Assert.Contains("Timed out", output, StringComparison.Ordinal);
        Fails(2, "'it' was made for at most 2 subscribers", "publish", "--subscribers", "3");
        Fails(2, "--subscribers is a number from 0", "publish", "--subscribers", "x");
    }

    [Fact]
    public void Another_kind_is_refused_and_only_force_removes_it()
    {
        SharedMutex.Create("it", new() { Directory = _directory.Root }).Dispose();
        foreach (string verb in new[] { "publish", "subscribe", "info", "unlink" })
        {
            Fails(3, "is of the kind mutex (1), not topic (21)", verb);
        }
        Assert.Equal(("", 0), Run("unlink", "--force"));
    }

    private (string Output, int ExitCode) Run(string verb, params string[] rest) => Tool.Run(Arguments(verb, rest));

    private void Fails(int exitCode, string says, string verb, params string[] rest) => Tool.AssertFails(exitCode, says, Arguments(verb, rest));

    private string[] Arguments(string verb, string[] rest) => ["topic", verb, "it", "--directory", _directory.Root, .. rest];

    private JsonElement Info() => System.Text.Json.JsonDocument.Parse(Run("info", "--json").Output).RootElement;

    private Process Start(string verb, params string[] rest) => Process.Start(new ProcessStartInfo(Tool.Path, Arguments(verb, rest))
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private (string Output, int ExitCode) Publish(string input, params string[] rest)
    {
        using Process tool = Start("publish", rest);
        Task<string> output = tool.StandardOutput.ReadToEndAsync();
        Task<string> errors = tool.StandardError.ReadToEndAsync();
        try
        {
            tool.StandardInput.Write(input);
            tool.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it has read that; why, it says.
        }
        string text = output.OrHang().GetAwaiter().GetResult() + errors.OrHang().GetAwaiter().GetResult();
        Assert.True(tool.WaitForExit(Child.Limit));
        return (text, tool.ExitCode);
    }
}
