using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>Groups where the kernel knows them by their number only, as before 6.9.</summary>
[Collection(Alone.Name)]
public sealed class GroupByNumberTests : IDisposable
{
    private const string Loop = "while :; do sleep 0.05; done";

    private readonly TemporaryDirectory _directory = new();

    public GroupByNumberTests() => PidFd.KnowsGroups = false;

    public void Dispose()
    {
        PidFd.KnowsGroups = true;
        _directory.Dispose();
    }

    [Fact]
    public async Task Stop_kills_those_who_stay_behind_and_leaves_no_zombie()
    {
        // The leader ends at once; the other one is deaf to SIGTERM.
        await File.WriteAllTextAsync(_directory["deaf.sh"], $"trap '' TERM; echo $$ > {_directory["pid"]}; {Loop}");
        int leader = RawChild.Start(
            $"exec > /dev/null 2>&1; trap 'exit 4' TERM; /bin/sh {_directory["deaf.sh"]} & : > {_directory["ready"]}; {Loop}");
        await Eventually.IsTrue(() => File.Exists(_directory["ready"]) && ReadPid() != 0);
        using ProcessHandle deaf = ProcessHandle.Open(ReadPid());
        using ProcessHandle child = RawChild.Handle(leader);

        Task<ExitStatus> stop = child.StopAsync(TimeSpan.FromSeconds(3), SignalScope.Group).AsTask();

        Assert.Equal(4, (await child.WaitAsync().OrHang()).Code);
        Assert.Equal(4, (await stop.OrHang()).Code);
        await deaf.WaitAsync().OrHang();
        Assert.True(RawChild.IsGone(leader));
    }

    [Fact]
    public async Task Stop_does_not_wait_for_a_group_that_is_empty_but_for_the_leaders_zombie()
    {
        int leader = RawChild.Start($"exec > /dev/null 2>&1; trap 'exit 4' TERM; : > {_directory["ready"]}; {Loop}");
        await Eventually.IsTrue(() => File.Exists(_directory["ready"]));
        using ProcessHandle child = RawChild.Handle(leader);
        Assert.Equal(4, (await child.StopAsync(Timeout.InfiniteTimeSpan, SignalScope.Group).OrHang()).Code);
        Assert.True(RawChild.IsGone(leader));
    }

    [Fact]
    public async Task A_handle_that_is_disposed_while_its_group_is_stopped_leaves_no_zombie()
    {
        int leader = RawChild.Start($"exec > /dev/null 2>&1; trap '' TERM; : > {_directory["ready"]}; {Loop}");
        await Eventually.IsTrue(() => File.Exists(_directory["ready"]));
        ProcessHandle child = RawChild.Handle(leader);
        Task stop = child.StopAsync(Timeout.InfiniteTimeSpan, SignalScope.Group).AsTask();
        Assert.True(child.SendToGroup(Signal.SIGKILL));
        child.Dispose();
        await Record.ExceptionAsync(() => stop.OrHang());
        await ProcessWait.GoneAsync(leader).OrHang();
    }

    private int ReadPid() =>
        File.Exists(_directory["pid"]) && int.TryParse(File.ReadAllText(_directory["pid"]).AsSpan().Trim(), out int pid) ? pid : 0;
}
