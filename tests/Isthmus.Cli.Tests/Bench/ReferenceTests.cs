using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Bench;

public sealed class ReferenceTests
{
    [Fact]
    public void The_reference_programs_compile_without_a_warning()
    {
        using TemporaryDirectory directory = new();
        string[] programs = Directory.GetFiles(Path.Combine(Source.Root, "bench/reference"), "*.c");
        Assert.NotEmpty(programs);
        Assert.All(programs, program => Assert.Equal(
            ("", 0), Peer.Run("gcc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", directory["program"], program])));
    }

    [Fact]
    public void A_reference_program_answers_each_command_with_its_figures()
    {
        using TemporaryDirectory directory = new();
        string program = directory["pipe"];
        Assert.Equal(("", 0), Peer.Run("gcc", ["-O2", "-o", program, Path.Combine(Source.Root, "bench/reference/pipe.c")]));
        (string output, int exitCode) = Peer.Run(program, [], "latency 64 1 -1 -1\nthroughput 4096 1 -1 -1\n");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+ \d+\n\d+ 1024\n$", output);
    }
}
