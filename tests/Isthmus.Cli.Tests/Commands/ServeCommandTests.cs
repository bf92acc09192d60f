using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Commands;

/// <summary>The server itself is tested with its page, outside the solution; here it may or may not have been built.</summary>
public sealed class ServeCommandTests
{
    [Fact]
    public void Without_its_program_it_says_what_to_do()
    {
        // Away from the checkout, where it may stand beside us.
        using TemporaryDirectory directory = new();
        foreach (string pattern in (string[])["Isthmus.*", "System.CommandLine*", "Spectre.*"])
        {
            foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, pattern))
            {
                File.Copy(file, directory[Path.GetFileName(file)]);
            }
        }

        (string output, int exitCode) = Peer.Run("env", ["ISTHMUS_WEB=", "PATH=/usr/bin", "dotnet", directory["Isthmus.Cli.dll"], "serve"]);

        Assert.Contains("dotnet build src/Isthmus.Web", output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.Equal(3, exitCode);
    }

    [Fact]
    public void A_program_that_was_named_and_is_not_there_is_an_error()
    {
        (string output, int exitCode) = Peer.Run("env", ["ISTHMUS_WEB=/nowhere/web", Tool.Path, "serve"]);

        Assert.Equal("isthmus serve: ISTHMUS_WEB names '/nowhere/web', which is not there (ENOENT).\n", output);
        Assert.Equal(3, exitCode);
    }

    [Fact]
    public void The_program_takes_its_place_and_gets_the_options()
    {
        using TemporaryDirectory directory = new();
        string program = directory["web"];
        File.WriteAllText(program, "#!/bin/sh\necho $$ \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        (string output, int exitCode) = Peer.Run(
            "sh", ["-c", "echo $$; exec env ISTHMUS_WEB=\"$0\" \"$@\"", program, Tool.Path, "serve", "--listen", "127.0.0.1:0", "--all-users"]);

        string[] lines = output.Split('\n');
        Assert.Equal(lines[0] + " --listen 127.0.0.1:0 --all-users", lines[1]);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void Two_places_to_listen_are_refused() =>
        Tool.AssertFails(2, "either --listen or --unix", "serve", "--listen", "127.0.0.1:0", "--unix", "/tmp/x");
}
