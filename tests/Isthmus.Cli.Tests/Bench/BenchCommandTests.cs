using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Bench;

// One run at a time: they pin their processes to the same CPUs.
[Collection("bench")]
public sealed class BenchCommandTests
{
    [Fact]
    public void One_row_of_one_size_is_measured_and_printed_as_json()
    {
        (string output, int exitCode) = Tool.Run(
            "bench", "--quick", "--duration", "100ms", "--suite", "latency", "--mechanism", "pipe-1cpu", "--size", "64", "--json");
        Assert.Equal(0, exitCode);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output);
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
        JsonElement[] results = [.. document.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(["round_trip_p50", "round_trip_p99"], results.Select(result => result.GetProperty("metric").GetString()!));
        Assert.All(results, result =>
        {
            Assert.Equal(
                ["suite", "mechanism", "size", "metric", "value", "unit", "limit_ratio"], result.EnumerateObject().Select(field => field.Name));
            Assert.Equal(("latency", "pipe-1cpu", 64, "ns"), (
                result.GetProperty("suite").GetString(), result.GetProperty("mechanism").GetString(),
                result.GetProperty("size").GetInt32(), result.GetProperty("unit").GetString()));
            Assert.True(result.GetProperty("value").GetDouble() > 100, "A round trip needs some system calls.");
            Assert.Equal(JsonValueKind.Null, result.GetProperty("limit_ratio").ValueKind);
        });
    }

    [Fact]
    public void A_family_stands_for_its_variants_and_its_reference()
    {
        (string output, int exitCode) = Tool.Run("bench", "--quick", "--duration", "1ms", "--suite", "latency", "--mechanism", "eventfd");
        Assert.Equal(0, exitCode);
        Assert.All(new[] { "\neventfd ", "\neventfd-1cpu ", "c:eventfd", "For 8-byte requests on this machine" }, text =>
            Assert.Contains(text, output, StringComparison.Ordinal));
        Assert.DoesNotContain("pipe", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public void Without_a_compiler_the_rows_of_C_are_missing_and_the_reason_is_told()
    {
        (string output, int exitCode) = Peer.Run(
            "env", ["PATH=/nowhere", Tool.Path, "bench", "--duration", "1ms", "--suite", "latency", "--mechanism", "eventfd"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("Not measured: latency: c:eventfd, ", output, StringComparison.Ordinal);
        Assert.Contains("No C compiler", output, StringComparison.Ordinal);
        Assert.Contains("\neventfd ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void On_one_CPU_what_needs_two_is_missing_and_the_rest_is_measured()
    {
        string cpu = CurrentThread.Affinity.First().ToString(CultureInfo.InvariantCulture);
        (string output, int exitCode) = Peer.Run(
            "taskset", ["-c", cpu, Tool.Path, "bench", "--duration", "1ms", "--suite", "latency", "--suite", "limits", "--mechanism", "eventfd"]);
        Assert.Equal(0, exitCode);
        Assert.Contains("Not measured: limits: cache-line, c:cache-line. Only one CPU is allowed", output, StringComparison.Ordinal);
        Assert.Contains("eventfd, c:eventfd, c:eventfd-threads. Only one CPU is allowed", output, StringComparison.Ordinal);
        Assert.Contains("eventfd-1cpu answers fastest", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latency", "pipe")]
    [InlineData("latency", "unix-stream-async")]
    [InlineData("latency", "sysv-mq")]
    [InlineData("latency", "queue-async")]
    [InlineData("throughput", "queue-batch")]
    [InlineData("throughput", "unix-seqpacket")]
    [InlineData("throughput", "posix-mq-async")]
    [InlineData("throughput", "udp-1cpu")]
    public void A_wrong_byte_ends_the_run_with_1(string suite, string mechanism) => Tool.AssertFails(
        1, "arrived with wrong bytes", "bench", "--quick", "--duration", "1ms", "--suite", suite, "--mechanism", mechanism, "--fault", "WrongByte");

    [Theory]
    [InlineData("latency", "latency: peer:zmq")]
    [InlineData("scaling", "scaling: peer:zmq-1to1")]
    [InlineData("limits", "limits: what was left of the suite")]
    public void A_reference_program_that_hangs_is_a_row_less_and_not_the_end(string suite, string missing)
    {
        using TemporaryDirectory directory = new();
        // A compiler whose programs say hello and then nothing.
        string compiler = directory["cc"];
        File.WriteAllText(
            compiler,
            """
            #!/bin/sh
            while [ "$1" != -o ]; do shift; done
            printf '#!/bin/sh\nread hello; [ "$hello" != hello ] || { echo 0; read order; }\nexec tail -f /dev/null\n' > "$2"
            chmod +x "$2"
            """);
        File.SetUnixFileMode(compiler, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (string output, int exitCode) = Peer.Run("env",
        [
            $"PATH={directory.Root}:{Environment.GetEnvironmentVariable("PATH")}", Tool.Path, "bench", "--duration", "1ms", "--suite", suite,
            "--mechanism", suite == "limits" ? "c:cache-line" : suite == "latency" ? "peer:zmq" : "peer:zmq-1to1", "--patience", "100ms",
        ]);
        Assert.Contains("Not measured: " + missing, output, StringComparison.Ordinal);
        Assert.Contains("did not answer", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData("pipe-1cpu")]
    [InlineData("eventfd-1cpu")] // Nothing but the exit itself tells that the other side is gone.
    public void The_death_of_the_peer_is_an_error_and_nothing_is_left(string mechanism)
    {
        using TemporaryDirectory directory = new();
        (string output, int exitCode) = Peer.Run("env",
        [
            "TMPDIR=" + directory.Root, Tool.Path, "bench", "--quick", "--duration", "1ms", "--suite", "latency", "--mechanism", mechanism, "--fault", "Death",
        ]);
        Assert.Contains("peer process ended", output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.Equal(3, exitCode);
        Assert.Empty(Directory.GetFileSystemEntries(directory.Root, "isthmus*"));
    }

    [Fact]
    public async Task Ctrl_C_ends_the_run_with_130_and_nothing_is_left()
    {
        using TemporaryDirectory directory = new();
        ProcessStartInfo start = new(Tool.Path, ["bench", "--suite", "latency"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = directory.Root;
        using Process tool = Process.Start(start)!;
        int[] children = [];
        // The first is the peer, then come the compiler and the reference programs.
        await Eventually.IsTrue(() => (children = ChildrenOf(tool.Id)).Length > 0);

        Assert.Equal(0, Peer.Run("kill", ["-INT", tool.Id.ToString(CultureInfo.InvariantCulture)]).ExitCode);

        await tool.WaitForExitAsync().OrHang();
        Assert.Equal(130, tool.ExitCode);
        Assert.Equal("", await tool.StandardOutput.ReadToEndAsync().OrHang());
        Assert.Empty(Directory.GetFileSystemEntries(directory.Root, "isthmus*"));
        Assert.DoesNotContain(children, child => File.Exists($"/proc/{child}/stat"));
    }

    [Fact]
    public async Task When_the_tool_is_killed_its_peer_removes_the_System_V_queues()
    {
        using TemporaryDirectory directory = new();
        ProcessStartInfo start = new(Tool.Path, ["bench", "--suite", "latency", "--mechanism", "sysv-mq"]) { RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = directory.Root; // Nobody removes that of a killed one.
        using Process tool = Process.Start(start)!;
        int[] queues = [];
        await Eventually.IsTrue(() => (queues = QueuesOf(tool.Id)).Length > 0);
        tool.Kill();
        await tool.WaitForExitAsync().OrHang();
        await Eventually.IsTrue(() => !Queues().Any(queue => queues.Contains(queue[1])));
    }

    [Fact]
    public async Task When_the_tool_is_killed_its_peer_removes_the_System_V_semaphores_and_the_memory_goes_with_both()
    {
        using TemporaryDirectory directory = new();
        ProcessStartInfo start = new(Tool.Path, ["bench", "--suite", "latency", "--mechanism", "shm+sysv-sem"]) { RedirectStandardOutput = true };
        start.Environment["TMPDIR"] = directory.Root; // Nobody removes that of a killed one.
        using Process tool = Process.Start(start)!;
        int[] semaphores = [];
        await Eventually.IsTrue(() => (semaphores = [.. SemaphoresOf(tool.Id)]).Length > 0 && SegmentsOf(tool.Id).Any());
        // The peer has joined, and both use it.
        await Eventually.IsTrue(() => semaphores.All(id => LastUserOf(id) != tool.Id));
        tool.Kill();
        await tool.WaitForExitAsync().OrHang();
        await Eventually.IsTrue(() => !Table("sem").Any(row => semaphores.Contains(row[1])) && !SegmentsOf(tool.Id).Any());
    }

    [Fact]
    public void Costs_are_measured_and_leave_nothing_behind()
    {
        (string output, int exitCode) = Tool.Run("bench", "--quick", "--duration", "50ms", "--suite", "cost", "--json");
        Assert.Equal(0, exitCode);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output);
        JsonElement[] results = [.. document.RootElement.GetProperty("results").EnumerateArray()];
        string[] rows =
        [
            "posix-semaphore", "c:posix-semaphore", "sysv-semaphore", "c:sysv-semaphore", "ofd-lock", "c:ofd-lock", "flock", "c:flock",
        ];
        Assert.Subset(results.Select(result => result.GetProperty("mechanism").GetString()!).ToHashSet(), rows.ToHashSet());
        Assert.All(results, result => Assert.True(result.GetProperty("value").GetDouble() > 0));
        Assert.DoesNotContain(Directory.EnumerateFiles("/dev/shm"), path => path.Contains("sem.isthmus-bench", StringComparison.Ordinal));
    }

    [Fact]
    public void Planted_processes_are_looked_at_and_go()
    {
        (string output, int exitCode) = Tool.Run("bench", "--quick", "--duration", "1ms", "--suite", "inspect", "--mechanism", "snapshot", "--json");
        Assert.Equal(0, exitCode);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output);
        JsonElement[] results = [.. document.RootElement.GetProperty("results").EnumerateArray()];
        if (results.Length == 0)
        {
            // Without a compiler nothing is planted.
            Assert.NotEmpty(document.RootElement.GetProperty("missing").EnumerateArray());
            return;
        }
        Assert.Equal(
            ["snapshot cost", "snapshot cpu_time", "refresh cost", "refresh cpu_time"],
            results.Select(result => result.GetProperty("mechanism").GetString() + " " + result.GetProperty("metric").GetString()));
        Assert.All(results, result => Assert.Equal(("ns", 100), (result.GetProperty("unit").GetString(), result.GetProperty("size").GetInt32())));
        Assert.All(results, result => Assert.True(result.GetProperty("value").GetDouble() > 0));
    }

    [Fact]
    public void Several_processes_send_and_several_receive_and_nothing_is_lost()
    {
        (string output, int exitCode) = Tool.Run(
            "bench", "--quick", "--duration", "20ms", "--suite", "scaling", "--mechanism", "unix-datagram", "--mechanism", "posix-mq-4to4", "--json");
        Assert.Equal(0, exitCode);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(output);
        JsonElement[] results = [.. document.RootElement.GetProperty("results").EnumerateArray()];
        Assert.Equal(
            ["posix-mq-4to4", "unix-datagram-1to1", "unix-datagram-4to1", "unix-datagram-1to4", "unix-datagram-4to4"],
            results.Select(result => result.GetProperty("mechanism").GetString()!));
        Assert.All(results, result => Assert.Equal(("rate", 64), (result.GetProperty("metric").GetString(), result.GetProperty("size").GetInt32())));
        Assert.All(results, result => Assert.True(result.GetProperty("value").GetDouble() > 0));
    }

    [Fact]
    public void An_unknown_suite_is_refused_with_the_choices() =>
        Tool.AssertFails(2, "Choose from limits, latency, throughput, scaling, switching, spawn, cost", "bench", "--suite", "speed");

    [Fact]
    public void An_unknown_mechanism_is_refused_with_the_choices() =>
        Tool.AssertFails(2, "Choose from child-process, bcl:process", "bench", "--suite", "spawn", "--mechanism", "pipe");

    [Theory]
    [InlineData("65")]
    [InlineData("many")]
    public void An_unknown_size_is_refused_with_the_choices(string size) =>
        Tool.AssertFails(2, "Choose from 1, 8, 64, 512, 4096, 65536", "bench", "--suite", "latency", "--size", size);

    [Fact]
    public void A_size_that_the_mechanism_does_not_carry_is_refused() =>
        Tool.AssertFails(2, "carries", "bench", "--suite", "latency", "--mechanism", "pipe-packet-1cpu", "--size", "65536", "--duration", "1ms");

    [Fact]
    public void No_time_is_refused() => Tool.AssertFails(2, "--duration", "bench", "--duration", "0");

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_before_anything_is_measured() =>
        Tool.AssertFails(3, "/nowhere", "bench", "--html", "/nowhere/bench.html");

    // Those that it has sent to.
    private static int[] QueuesOf(int pid) => [.. Queues().Where(queue => queue[5] == pid).Select(queue => queue[1])];

    // The columns of /proc/sysvipc/msg: key, id, mode, bytes, messages, last sender, ...
    private static IEnumerable<int[]> Queues() => Table("msg");

    // The columns of /proc/sysvipc/shm: key, id, mode, size, creator, ...
    private static IEnumerable<int[]> SegmentsOf(int pid) => Table("shm").Where(segment => segment[4] == pid);

    // Those that it has used; the table does not tell.
    private static IEnumerable<int> SemaphoresOf(int pid) => Table("sem").Select(set => set[1]).Where(id => LastUserOf(id) == pid);

    private static int LastUserOf(int set)
    {
        try
        {
            return SystemVSemaphoreSet.Open(set, new() { AnyOwner = true, AcceptUninitialized = true }).StatSemaphore(0).LastProcessId;
        }
        catch (Exception error) when (error is PosixException or UnauthorizedAccessException)
        {
            return 0; // Removed meanwhile, or not ours.
        }
    }

    private static IEnumerable<int[]> Table(string kind) =>
        from line in File.ReadAllLines("/proc/sysvipc/" + kind).Skip(1)
        select line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6).Select(word => (int)long.Parse(word, CultureInfo.InvariantCulture)).ToArray();

    private static int[] ChildrenOf(int pid)
    {
        string[] threads = Directory.Exists($"/proc/{pid}/task") ? Directory.GetDirectories($"/proc/{pid}/task") : [];
        return [.. threads.SelectMany(thread => ReadOrEmpty(thread + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
    }

    // A thread may end while it is looked at.
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
