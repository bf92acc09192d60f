using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Isthmus.Cli.Commands;
using Isthmus.Cli.Inspection;

namespace Isthmus.Cli;

/// <summary>The tool's commands, and the one place where failures become messages and exit codes.</summary>
internal static class CommandLine
{
    // To make all of them takes longer than the runtime takes to start; most command lines name one.
    private static readonly Dictionary<string, Func<Command>> s_commands = new(StringComparer.Ordinal)
    {
        ["barrier"] = BarrierCommand.Create,
        ["bench"] = BenchCommand.Create,
        ["bench-peer"] = BenchPeerCommand.Create,
        ["channel"] = ChannelCommand.Create,
        ["clean"] = CleanCommand.Create,
        ["completion"] = CompletionCommand.Create,
        ["doctor"] = DoctorCommand.Create,
        ["event"] = EventCommand.Create,
        ["fifo"] = FifoCommand.Create,
        ["lock"] = LockCommand.Create,
        ["ls"] = LsCommand.Create,
        ["man"] = ManCommand.Create,
        ["map"] = MapCommand.Create,
        ["mq"] = MqCommand.Create,
        ["mutex"] = MutexCommand.Create,
        ["pipe"] = PipeCommand.Create,
        ["ps"] = PsCommand.Create,
        ["queue"] = QueueCommand.Create,
        ["request"] = RequestCommand.Create,
        ["run"] = RunCommand.Create,
        ["rwlock"] = RwLockCommand.Create,
        ["semaphore"] = SemaphoreCommand.Create,
        ["serve"] = ServeCommand.Create,
        ["shm"] = ShmCommand.Create,
        ["show"] = ShowCommand.Create,
        ["signal"] = SignalCommand.Create,
        ["socket"] = SocketCommand.Create,
        ["stream"] = StreamCommand.Create,
        ["stress"] = StressCommand.Create,
        ["stress-worker"] = StressWorkerCommand.Create,
        ["topic"] = TopicCommand.Create,
        ["watch"] = WatchCommand.Create,
        ["why"] = WhyCommand.Create,
    };

    /// <summary>The root with all commands.</summary>
    public static RootCommand CreateRoot() => CreateRoot(s_commands.Values);

    /// <summary>The root with the one command that a line begins with; with all where it begins otherwise.</summary>
    public static RootCommand CreateRootFor(string[] args) =>
        args is [string name, ..] && s_commands.TryGetValue(name, out Func<Command>? create) ? CreateRoot([create]) : CreateRoot();

    public static async Task<int> RunAsync(string[] args)
    {
        // "@x" is a name here (an abstract socket), not a response file.
        ParseResult line = CreateRootFor(args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        bool runsCommand = line.CommandResult.Command is CliCommand { RunsCommand: true };
        if (line.Action is not HelpAction && MistypedOption(line) is { } mistyped)
        {
            string message = $"'{mistyped}' is no option here; what begins like one stands behind --. See '{PathOf(line.CommandResult.Command)} --help'.";
            return Fail(line, message, runsCommand ? ExitCode.RunFailed : ExitCode.Usage);
        }
        if (line.Action is ParseErrorAction)
        {
            string message = $"{WhatIsWrong(line)} See '{PathOf(line.CommandResult.Command)} --help'.";
            return Fail(line, message, runsCommand ? ExitCode.RunFailed : ExitCode.Usage);
        }
        try
        {
            // Signals are ours: the parser's handling would say SIGINT of each.
            InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            bool takesSignals = runsCommand || line.CommandResult.Command is CliCommand { TakesSignals: true };
            // Who cannot be cancelled is ended by a signal as any program; and some answer signals themselves.
            return line.Action is AsynchronousCommandLineAction && !takesSignals
                ? await Interruption.RunAsync(token => line.InvokeAsync(configuration, token))
                : await line.InvokeAsync(configuration);
        }
        catch (CliException error)
        {
            return Fail(line, error.Message, error.ExitCode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException or InvalidDataException)
        {
            return Fail(line, OptionHints.In(error.Message, line.CommandResult.Command), runsCommand ? ExitCode.RunFailed : ExitCodeOf(error));
        }
        catch (ArgumentException error)
        {
            // What the library says of a value that the parser let through.
            return Fail(line, WithoutParameter(error), runsCommand ? ExitCode.RunFailed : ExitCode.Usage);
        }
    }

    /// <summary>The command as one types it: <c>isthmus fifo send</c>.</summary>
    public static string PathOf(Command command) =>
        command is RootCommand ? "isthmus" : $"{PathOf(command.Parents.OfType<Command>().Single())} {command.Name}";

    /// <summary>Tells of a failure that does not end the command.</summary>
    public static void Warn(string command, string message) => Console.Error.WriteLine($"{command}: {Printable.Of(message.ReplaceLineEndings(" "))}");

    /// <summary>The message of an argument's refusal, without the name that it has in the code.</summary>
    public static string WithoutParameter(ArgumentException error)
    {
        int end = error.Message.LastIndexOf($" (Parameter '{error.ParamName}')", StringComparison.Ordinal);
        return end < 0 ? error.Message : error.Message[..end];
    }

    private static RootCommand CreateRoot(IEnumerable<Func<Command>> commands)
    {
        RootCommand root = new("Processes and interprocess communication on Linux: run, connect, inspect, measure.");
        foreach (Func<Command> create in commands)
        {
            root.Add(create());
        }
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    // The parser takes an option that it does not know for an argument.
    private static string? MistypedOption(ParseResult line)
    {
        IEnumerable<Token> arguments = line.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash);
        HashSet<Token> given = new(
            line.CommandResult.Command.Arguments.SelectMany(argument => line.GetResult(argument)?.Tokens ?? []), ReferenceEqualityComparer.Instance);
        return arguments.FirstOrDefault(
            token => token.Value.Length > 2 && token.Value.StartsWith("--", StringComparison.Ordinal) && given.Contains(token))?.Value;
    }

    // The parser's first error for "isthmus nope" is that a command is missing; the word that it could not place says more.
    private static string WhatIsWrong(ParseResult line) => line.UnmatchedTokens.Count > 0
        ? $"'{line.UnmatchedTokens[0]}' is no command, argument or option here."
        : line.Errors[0].Message;

    // All places of an object may be taken: whoever waits and tries once more may have one.
    private static int ExitCodeOf(Exception error) => error is PosixException { Errno: Errno.EUSERS } ? ExitCode.No : ExitCode.System;

    private static int Fail(ParseResult line, string message, int exitCode)
    {
        Warn(PathOf(line.CommandResult.Command), message);
        return exitCode;
    }
}
