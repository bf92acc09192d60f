using Isthmus.Cli.Bench;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Bench;

public sealed class ReferenceTests
{
    // What is optimised takes its time to compile, on a busy machine.
    private const int Patience = 4;

    private static readonly string s_folder = Path.Combine(Source.Root, "bench/reference");

    public static TheoryData<string> Peers => [.. BenchCatalog.Peers.Select(peer => peer.Source.File)];

    public static TheoryData<string> ScaledPeers => [.. BenchCatalog.Scaled.OfType<ScaledProgram>().Select(peer => peer.Source.File)];

    [Fact]
    public void The_reference_programs_compile_without_a_warning()
    {
        using TemporaryDirectory directory = new();
        HashSet<string> peers = [.. Sources.Select(source => source.File)];
        string[] programs = [.. Directory.GetFiles(s_folder, "*.c").Where(program => !peers.Contains(Path.GetFileName(program)))];
        Assert.NotEmpty(programs);
        Assert.All(programs, program => Assert.Equal(
            ("", 0), Peer.RunLong("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", directory["program"], program], Patience)));
    }

    [Theory]
    [MemberData(nameof(Peers))]
    public void A_program_of_a_peer_compiles_without_a_warning_and_answers_each_command_with_its_figures(string file)
    {
        using TemporaryDirectory directory = new();
        (string program, string[] arguments) = Build(file, directory);
        (string output, int exitCode) = Peer.Run(program, arguments, "hello\nlatency 64 1 -1 -1\nlatency 1 1 -1 -1\nthroughput 4096 1 -1 -1\n");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^0\n\d+ \d+\n\d+ \d+\n\d+ 1024\n$", output);
    }

    [Theory]
    [MemberData(nameof(ScaledPeers))]
    public void A_program_of_a_peer_with_several_processes_loses_nothing(string file)
    {
        using TemporaryDirectory directory = new();
        (string program, string[] arguments) = Build(file, directory);
        (string output, int exitCode) = Peer.Run(program, arguments, "scale 1 1 64 1024\nscale 3 2 64 1000\n");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+ 1024\n\d+ 999\n$", output);
    }

    [Fact]
    public void A_peer_that_is_not_installed_is_named_with_its_package_and_is_no_failure()
    {
        using TemporaryDirectory directory = new();
        using ReferencePrograms programs = new(directory.Root, TimeSpan.FromMinutes(1));
        ReferenceSource source = new("pipe.c") { Package = "libnowhere-dev", Libraries = ["-listhmus-nowhere"] };
        Assert.Null(programs.TryStart(source, [], out string reason));
        Assert.StartsWith("Not installed: libnowhere-dev. ", reason, StringComparison.Ordinal);
        Assert.Contains("isthmus-nowhere", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_program_answers_each_command_with_its_figures()
    {
        using TemporaryDirectory directory = new();
        string program = directory["pipe"];
        Assert.Equal(("", 0), Peer.RunLong("gcc", ["-O2", "-o", program, Path.Combine(s_folder, "pipe.c")], Patience));
        (string output, int exitCode) = Peer.Run(program, [], "latency 64 1 -1 -1\nthroughput 4096 1 -1 -1\n");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+ \d+\n\d+ 1024\n$", output);
    }

    private static IEnumerable<ReferenceSource> Sources =>
        [.. BenchCatalog.Peers.Select(peer => peer.Source), .. BenchCatalog.Scaled.OfType<ScaledProgram>().Select(peer => peer.Source)];

    // How it is started.
    private static (string Program, string[] Arguments) Build(string file, TemporaryDirectory directory)
    {
        ReferenceSource source = Sources.Single(each => each.File == file);
        string path = Path.Combine(s_folder, file);
        if (source.IsScript)
        {
            return ("python3", ["-B", path]);
        }
        string program = directory[source.Name];
        (string errors, int exitCode) = Peer.RunLong(
            file.EndsWith(".cpp", StringComparison.Ordinal) ? "g++" : "gcc",
            ["-O2", "-pthread", "-Wall", "-Wextra", "-Werror", "-o", program, path, "-lrt", .. source.Libraries],
            Patience);
        Peer.Needs(!errors.Contains("is not installed", StringComparison.Ordinal), source.Package!);
        Assert.Equal(("", 0), (errors, exitCode));
        return (program, []);
    }
}
