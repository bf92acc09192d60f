using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Isthmus.Cli.Commands;

namespace Isthmus.Cli;

/// <summary>The tool's commands, and the one place where failures become messages and exit codes.</summary>
internal static class CommandLine
{
    public static RootCommand CreateRoot()
    {
        RootCommand root = new("Processes and interprocess communication on Linux: run, connect, inspect, measure.")
        {
            BarrierCommand.Create(),
            BenchCommand.Create(),
            BenchPeerCommand.Create(),
            ChannelCommand.Create(),
            CleanCommand.Create(),
            CompletionCommand.Create(),
            DoctorCommand.Create(),
            EventCommand.Create(),
            FifoCommand.Create(),
            LockCommand.Create(),
            LsCommand.Create(),
            ManCommand.Create(),
            MapCommand.Create(),
            MqCommand.Create(),
            MutexCommand.Create(),
            PipeCommand.Create(),
            PsCommand.Create(),
            QueueCommand.Create(),
            RequestCommand.Create(),
            RunCommand.Create(),
            RwLockCommand.Create(),
            SemaphoreCommand.Create(),
            ServeCommand.Create(),
            ShmCommand.Create(),
            ShowCommand.Create(),
            SignalCommand.Create(),
            SocketCommand.Create(),
            StreamCommand.Create(),
            StressCommand.Create(),
            StressWorkerCommand.Create(),
            TopicCommand.Create(),
            WatchCommand.Create(),
            WhyCommand.Create(),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        // "@x" is a name here (an abstract socket), not a response file.
        ParseResult line = CreateRoot().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        bool runsCommand = line.CommandResult.Command is CliCommand { RunsCommand: true };
        if (line.Action is ParseErrorAction)
        {
            string message = $"{WhatIsWrong(line)} See '{PathOf(line.CommandResult.Command)} --help'.";
            return Fail(line, message, runsCommand ? ExitCode.RunFailed : ExitCode.Usage);
        }
        try
        {
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false };
            if (runsCommand || line.CommandResult.Command is CliCommand { TakesSignals: true })
            {
                // Not ended by a signal: that is for the command to answer.
                configuration.ProcessTerminationTimeout = null;
            }
            return await line.InvokeAsync(configuration);
        }
        catch (CliException error)
        {
            return Fail(line, error.Message, error.ExitCode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException or InvalidDataException)
        {
            return Fail(line, error.Message, runsCommand ? ExitCode.RunFailed : ExitCode.System);
        }
        catch (ArgumentException error)
        {
            // What the library says of a value that the parser let through.
            return Fail(line, WithoutParameter(error), runsCommand ? ExitCode.RunFailed : ExitCode.Usage);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Signal + Signal.SIGINT.Number;
        }
    }

    /// <summary>The command as one types it: <c>isthmus fifo send</c>.</summary>
    public static string PathOf(Command command) =>
        command is RootCommand ? "isthmus" : $"{PathOf(command.Parents.OfType<Command>().Single())} {command.Name}";

    /// <summary>Tells of a failure that does not end the command.</summary>
    public static void Warn(string command, string message) => Console.Error.WriteLine($"{command}: {message.ReplaceLineEndings(" ")}");

    /// <summary>The message of an argument's refusal, without the name that it has in the code.</summary>
    public static string WithoutParameter(ArgumentException error) =>
        error.Message.Replace($" (Parameter '{error.ParamName}')", "", StringComparison.Ordinal);

    // The parser's first error for "isthmus nope" is that a command is missing; the word that it could not place says more.
    private static string WhatIsWrong(ParseResult line) => line.UnmatchedTokens.Count > 0
        ? $"'{line.UnmatchedTokens[0]}' is no command, argument or option here."
        : line.Errors[0].Message;

    private static int Fail(ParseResult line, string message, int exitCode)
    {
        Warn(PathOf(line.CommandResult.Command), message);
        return exitCode;
    }
}
