using System.CommandLine;
using Isthmus.Cli.FileLocks;

namespace Isthmus.Cli.Commands;

/// <summary>
/// <c>isthmus lock run FILE -- CMD…</c>: runs a command while the file is locked. The lock is this tool's, and the command
/// does not inherit it: it is free when the command has ended, whatever the command has left running; and when this tool is
/// killed, so a command that must not go on without it dies with its parent.
/// </summary>
internal static class LockRunCommand
{
    private static readonly Argument<string> s_file = LockCommand.FileArgument();

    private static readonly Argument<string[]> s_command = new("command")
    {
        Description = "The program and its arguments, after --. No shell reads them.",
        HelpName = "CMD...",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> s_shared = new("--shared") { Description = "A shared lock: others may have shared ones at the same time." };

    private static readonly Option<FileLockRange?> s_range = ByteRange.Option();

    private static readonly Option<TimeSpan?> s_timeout = Duration.Option(
        "--timeout", "Give up, with exit code 124, when the lock is not free in time; 0 only tries.");

    private static readonly Option<string> s_kind = Kinds();

    private static readonly Option<UnixFileMode?> s_mode = FileModeOption.Create();

    private static readonly Option<bool> s_anyOwner = new("--any-owner") { Description = "Lock the file though another user owns it." };

    private static readonly Option<bool> s_dieWithParent = new("--die-with-parent")
    {
        Description = "Kill the command's process group when this tool has ended, even by SIGKILL: the lock is free then.",
    };

    public static Command Create()
    {
        CliCommand command = new("run", "Run a command while a file is locked; end with its exit code. The file is made when it is missing, and stays.")
        {
            RunsCommand = true,
            Examples =
            [
                "isthmus lock run /run/user/1000/backup.lock --timeout 10s -- tar cf /backup/home.tar /home",
                "isthmus lock run data.bin --shared --range 0:4096 -- sha256sum data.bin",
            ],
            Arguments = { s_file, s_command },
            Options = { s_shared, s_range, s_timeout, s_kind, s_mode, s_anyOwner, s_dieWithParent },
        };
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        string[] command = line.GetValue(s_command)!;
        if (command[0].Length == 0)
        {
            throw new CliException("The command has no name.", ExitCode.RunNotFound);
        }
        using FileLock held = Acquire(line);
        ChildProcessOptions options = new()
        {
            FileName = command[0],
            Arguments = command[1..],
            Group = ChildGroup.New,
            DiesWithParent = line.GetValue(s_dieWithParent),
        };
        (ExitStatus status, _) = await CommandRun.RunAsync(options, null, TimeSpan.Zero);
        return status.ShellCode ?? throw new CliException($"'{command[0]}' has ended; its status is unknown.", ExitCode.RunFailed);
    }

    private static FileLock Acquire(ParseResult line)
    {
        string path = line.GetRequiredValue(s_file);
        FileLockKind kind = Enum.Parse<FileLockKind>(line.GetValue(s_kind)!, ignoreCase: true);
        FileLockMode mode = line.GetValue(s_shared) ? FileLockMode.Shared : FileLockMode.Exclusive;
        FileLock made = FileLock.OpenOrCreate(path, new FileLockOptions
        {
            Kind = kind,
            Range = line.GetValue(s_range) ?? FileLockRange.All,
            Access = mode == FileLockMode.Shared || kind == FileLockKind.Flock ? FileAccess.Read : FileAccess.ReadWrite,
            CreateMode = line.GetValue(s_mode) ?? FileModeOption.OwnerOnly,
            AnyOwner = line.GetValue(s_anyOwner),
        });
        if (made.TryAcquire(line.GetValue(s_timeout) ?? Timeout.InfiniteTimeSpan, mode))
        {
            return made;
        }
        made.Dispose();
        throw new CliException($"Timed out: '{path}' is locked. 'isthmus lock info {path}' tells by whom.", ExitCode.RunTimeout);
    }

    private static Option<string> Kinds()
    {
        Option<string> kind = new("--kind")
        {
            Description = "ofd (the default), posix, or flock for those who use flock(1). Locks of ofd and posix exclude each other, flock's only each other.",
            DefaultValueFactory = _ => "ofd",
        };
        kind.AcceptOnlyFromAmong("ofd", "posix", "flock");
        return kind;
    }
}
