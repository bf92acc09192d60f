using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus serve</c>: becomes the server of the web page, a program of its own.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> s_listen = new("--listen")
    {
        Description = "Listen on this loopback address; port 0 is any that is free. Unless given, 127.0.0.1:0.",
        HelpName = "address:port",
    };

    private static readonly Option<string?> s_unix = new("--unix")
    {
        Description = "Listen on a Unix socket of this name, for its owner only.",
        HelpName = "path",
        CustomParser = FilePath.Parse,
    };

    private static readonly Option<string?> s_bench = new("--bench")
    {
        Description = "Also show this report of 'isthmus bench --json'.",
        HelpName = "file",
        CustomParser = FilePath.Parse,
    };

    private static readonly Option<bool> s_fill = new("--fill")
    {
        Description = "Also the bytes that wait in pipes; to see them, a descriptor of each is duplicated for a moment.",
    };

    private static readonly Option<bool> s_allUsers = new("--all-users") { Description = "Also the processes of others, as far as they may be looked at." };

    public static Command Create()
    {
        CliCommand command = new(
            "serve",
            "Serve a web page with a live graph of processes and what they talk by, on this machine only. Prints the address to open, with its token.")
        {
            Examples =
            [
                "isthmus serve", "isthmus serve --listen 127.0.0.1:8080 --all-users", "isthmus serve --bench report.json",
                "isthmus serve --unix /run/user/1000/isthmus.sock",
            ],
            Options = { s_listen, s_unix, s_bench, s_fill, s_allUsers },
        };
        command.Validators.Add(line =>
        {
            if (line.GetResult(s_listen) is not null && line.GetResult(s_unix) is not null)
            {
                line.AddError("Give either --listen or --unix.");
            }
        });
        command.SetAction(Run);
        return command;
    }

    // It does not return: signals, streams and the exit code are the server's own.
    private static int Run(ParseResult line)
    {
        Exec.Replace(WebProgram.Find(), [.. Arguments(line)]);
        return ExitCode.System;
    }

    private static IEnumerable<string> Arguments(ParseResult line)
    {
        foreach (Option<string?> option in (Option<string?>[])[s_listen, s_unix, s_bench])
        {
            if (line.GetValue(option) is { } value)
            {
                yield return option.Name;
                yield return value;
            }
        }
        foreach (Option<bool> option in (Option<bool>[])[s_fill, s_allUsers])
        {
            if (line.GetValue(option))
            {
                yield return option.Name;
            }
        }
    }
}
