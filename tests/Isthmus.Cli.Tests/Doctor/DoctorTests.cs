using Isthmus.Cli.Doctor;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Doctor;

/// <summary>What <c>isthmus doctor</c> makes of machines that are not this one.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("4.19.0", nameof(DoctorState.Missing))]
    [InlineData("5.9.16-generic", nameof(DoctorState.Missing))]
    [InlineData("5.10.0-8-amd64", nameof(DoctorState.Limited))]
    [InlineData("6.15.3", nameof(DoctorState.Ok))]
    [InlineData("6.18.44-fc", nameof(DoctorState.Ok))]
    public void Kernels_are_told_apart_by_what_they_can_do(string release, string state)
    {
        Plant("proc/sys/kernel/osrelease", release);
        Assert.Equal(state, Find(KernelChecks.Run(Files), "kernel").State.ToString());
    }

    [Theory]
    [InlineData("0", "", nameof(DoctorState.Ok))]
    [InlineData("1", "0000000000000000", nameof(DoctorState.Limited))]
    [InlineData("1", "0000000000080000", nameof(DoctorState.Ok))]
    public void Tracing_needs_the_scope_or_the_capability(string scope, string capabilities, string state)
    {
        Plant("proc/sys/kernel/yama/ptrace_scope", scope);
        Plant("proc/self/status", $"Name:\tx\nCapEff:\t{capabilities}");
        Assert.Equal(state, Find(InspectionChecks.Run(Files), "tracing").State.ToString());
    }

    [Theory]
    [InlineData("4:memory:/service\n0::/", "sys/fs/cgroup/memory/service/memory.limit_in_bytes", "1048576", "v1, 1 MiB")]
    [InlineData("4:memory:/service\n0::/", "sys/fs/cgroup/memory/service/memory.limit_in_bytes", "9223372036854771712", "v1, no limit")]
    [InlineData("0::/a/b", "sys/fs/cgroup/a/b/memory.max", "3145728", "v2, 3 MiB")]
    [InlineData("0::/a/b", "sys/fs/cgroup/a/b/memory.max", "max", "v2, no limit")]
    public void Limit_of_the_memory_cgroup_is_found_in_both_versions(string groups, string path, string limit, string value)
    {
        Plant("proc/self/cgroup", groups);
        Plant(path, limit);
        Assert.Equal(value, Find(MemoryChecks.Run(Files), "memory cgroup").Value);
    }

    [Theory]
    [InlineData(false, "", nameof(DoctorState.Ok))]
    [InlineData(true, "#RemoveIPC=no", nameof(DoctorState.Limited))]
    [InlineData(true, "RemoveIPC=no", nameof(DoctorState.Ok))]
    [InlineData(true, "RemoveIPC=yes", nameof(DoctorState.Limited))]
    public void Where_systemd_removes_what_a_user_made_it_is_told(bool hasSystemd, string settings, string state)
    {
        if (hasSystemd)
        {
            Directory.CreateDirectory(Path.Combine(_root.Root, "run/systemd/system"));
        }
        Plant("etc/systemd/logind.conf", $"[Login]\n{settings}");
        Assert.Equal(state, Find(MemoryChecks.Run(Files), "RemoveIPC").State.ToString());
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_judged_without_an_exception() =>
        Assert.Contains(DoctorCatalog.Run(Files), finding => finding is { Name: "/dev/shm", State: DoctorState.Missing });

    [Fact]
    public void Processes_that_are_hidden_are_told()
    {
        Plant("proc/self/mounts", "proc /proc proc rw,nosuid,hidepid=2 0 0");
        Assert.Equal(DoctorState.Limited, Find(InspectionChecks.Run(Files), "processes of others").State);
    }

    private MachineFiles Files => new(_root.Root);

    private static DoctorFinding Find(IEnumerable<DoctorFinding> findings, string name) => findings.Single(finding => finding.Name == name);

    private void Plant(string path, string text)
    {
        string whole = Path.Combine(_root.Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(whole)!);
        File.WriteAllText(whole, text + "\n");
    }
}
