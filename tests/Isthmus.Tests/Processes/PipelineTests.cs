using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

public sealed class PipelineTests
{
    [Fact]
    public async Task Data_flows_from_the_first_to_the_last()
    {
        using Pipeline pipeline = Pipeline.Start(
            new ChildProcessOptions { FileName = "printf", Arguments = ["%s\n", "pear", "apple", "plum", "apple"] },
            new ChildProcessOptions { FileName = "sort" },
            new ChildProcessOptions { FileName = "uniq", Arguments = ["-c"], StandardOutput = StandardStream.Pipe });
        List<string> lines = [];
        await foreach (string line in pipeline.Stages[^1].StandardOutput.ReadLinesAsync())
        {
            lines.Add(line.Trim());
        }
        Assert.Equal(["2 apple", "1 pear", "1 plum"], lines);
        Assert.All(await pipeline.WaitAsync().OrHang(), status => Assert.True(status.IsSuccess));
    }

    [Fact]
    public async Task Each_status_is_told_and_one_for_all()
    {
        using Pipeline pipeline = Pipeline.Start(Shell("exit 3"), Shell("exit 4"), Shell("exit 0"));
        IReadOnlyList<ExitStatus> statuses = await pipeline.WaitAsync().OrHang();
        Assert.Equal([3, 4, 0], statuses.Select(status => status.Code!.Value));
        Assert.Equal(4, Pipeline.Combine(statuses).Code);
        Assert.Equal(0, Pipeline.Combine([statuses[2], statuses[2]]).Code);
    }

    [Fact]
    public async Task A_writer_whose_reader_went_away_ends_by_SIGPIPE()
    {
        using Pipeline pipeline = Pipeline.Start(
            new ChildProcessOptions { FileName = "yes" },
            new ChildProcessOptions { FileName = "head", Arguments = ["-n", "1"], StandardOutput = StandardStream.Null });
        IReadOnlyList<ExitStatus> statuses = await pipeline.WaitAsync().OrHang();
        Assert.Equal(Signal.SIGPIPE, statuses[0].Signal);
        Assert.True(statuses[1].IsSuccess);
    }

    [Fact]
    public void All_join_the_group_that_the_first_leads()
    {
        using Pipeline pipeline = Pipeline.Start(
            Shell("read x") with { Group = ChildGroup.New, StandardInput = StandardStream.Pipe },
            Shell("cat"),
            Shell("cat") with { DiesWithParent = true });
        Assert.All(pipeline.Stages, stage => Assert.Equal(pipeline.Stages[0].Id, LibC.getpgid(stage.Id)));
        Assert.True(pipeline.Stages[0].Process.SendToGroup(Signal.SIGKILL));
        Assert.All(pipeline.Wait(), status => Assert.Equal(Signal.SIGKILL, status.Signal));
        Assert.False(pipeline.Send(Signal.SIGTERM));
    }

    [Fact]
    public async Task When_one_cannot_be_started_the_others_are_ended()
    {
        using TemporaryDirectory directory = new();
        Assert.Throws<FileNotFoundException>(() => Pipeline.Start(
            Shell($"echo $$ > {directory["pid"]}; exec sleep 1000"), new ChildProcessOptions { FileName = "/no/such/program" }));
        // It may have been killed before it wrote, or even made, the file.
        if (File.Exists(directory["pid"]) && int.TryParse(await File.ReadAllTextAsync(directory["pid"]), out int pid))
        {
            await ProcessWait.GoneAsync(pid).OrHang();
        }
    }

    [Fact]
    public void One_program_is_no_pipeline_and_sessions_cannot_be_shared()
    {
        Assert.Throws<ArgumentException>(() => Pipeline.Start(Shell(":")));
        Assert.Throws<ArgumentException>(() => Pipeline.Start(Shell(":"), Shell(":") with { Group = ChildGroup.NewSession }));
    }

    private static ChildProcessOptions Shell(string script) => ChildProcessTests.Shell(script);
}
