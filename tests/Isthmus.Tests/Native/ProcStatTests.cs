using System.Text;
using Isthmus.Native;

namespace Isthmus.Tests.Native;

public sealed class ProcStatTests
{
    private const string Rest =
        " S 41 42 42 0 -1 4194560 1 0 0 0 250 125 0 0 20 0 1 0 987654 2703360 205 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 3 0 0\n";

    [Theory]
    [InlineData("sh")]
    [InlineData("a b")]
    [InlineData("a) S 1 (b")]
    [InlineData(")")]
    [InlineData("")]
    [InlineData("a\nb")]
    public void Any_name_is_told_from_the_fields(string name)
    {
        ProcStat stat = ProcStat.Parse(Encoding.UTF8.GetBytes($"43 ({name}){Rest}"));
        Assert.Equal(name, stat.Name);
        Assert.Equal((43, 'S', 41), (stat.Id, stat.State, stat.ParentId));
        Assert.Equal(987654, stat.StartTime);
        Assert.Equal(3, stat.LastCpu);
        Assert.Equal(TimeSpan.FromSeconds(2.5), stat.UserTime);
        Assert.Equal(TimeSpan.FromSeconds(1.25), stat.SystemTime);
    }

    [Fact]
    public void This_process_is_read()
    {
        Assert.True(ProcStat.TryRead("/proc/self/stat", out ProcStat stat));
        Assert.Equal(Environment.ProcessId, stat.Id);
        Assert.Equal('R', ProcStat.TryRead("/proc/thread-self/stat", out ProcStat thread) ? thread.State : ' ');
    }

    [Fact]
    public void A_process_that_is_gone_is_not_an_error() => Assert.False(ProcStat.TryRead("/proc/0/stat", out _));
}
