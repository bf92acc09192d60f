using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus signal wait</c>: receives signals and tells all that the kernel tells of them.</summary>
internal static class SignalWaitCommand
{
    public static Command Create()
    {
        Argument<Signal[]?> signals = new("signal")
        {
            Description = "Names or numbers: USR1, RTMIN+1, 15.",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseAll,
        };
        Option<int?> count = NumberOption.Create("--count", "End after so many; 1 by default.", 1, int.MaxValue);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        Option<bool> json = new("--json") { Description = "Print each as one line of JSON." };
        CliCommand command = new(
            "wait", "Wait for signals and print who sent them, why, and with what value; first 'ready' and its own number on standard error.")
        {
            Examples = ["isthmus signal wait USR1 USR2", "isthmus signal wait RTMIN+1 --count 10 --timeout 1m --json"],
            TakesSignals = true,
        };
        command.Add(signals);
        command.Add(count);
        command.Add(timeout);
        command.Add(json);
        command.SetAction((line, interrupted) => TimeLimit.RunAsync(
            line.GetValue(timeout),
            token => WaitAsync(line.GetRequiredValue(signals)!, line.GetValue(count) ?? 1, line.GetValue(json), token),
            interrupted));
        return command;
    }

    private static async Task<int> WaitAsync(Signal[] signals, int count, bool json, CancellationToken cancellationToken)
    {
        using SignalStream stream = SignalStream.Open(signals);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"ready: {Environment.ProcessId}"));
        for (int i = 0; i < count; i++)
        {
            SignalInfo info = await stream.ReceiveAsync(cancellationToken);
            if (json)
            {
                JsonDocument.WriteLine(JsonSignal.Of(info), JsonModel.Default.JsonSignal);
            }
            else
            {
                Console.WriteLine(Describe(info));
            }
        }
        return ExitCode.Done;
    }

    private static string Describe(SignalInfo info)
    {
        string text = $"{info.Signal} {info.Origin}";
        text += info.ProcessId is { } process ? string.Create(CultureInfo.InvariantCulture, $", process {process}, user {info.UserId}") : "";
        text += info.PointerValue is { } value ? string.Create(CultureInfo.InvariantCulture, $", value {value}") : "";
        text += info.TimerId is { } timer ? string.Create(CultureInfo.InvariantCulture, $", timer {timer}, overruns {info.Overruns}") : "";
        text += info.ChildExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : "";
        text += info.ChildStateSignal is { } signal ? $", by {signal}" : "";
        return text;
    }

    private static Signal[]? ParseAll(ArgumentResult argument)
    {
        List<Signal> signals = [];
        foreach (Token token in argument.Tokens)
        {
            if (SignalCommand.Parse(argument, token.Value) is not { } signal)
            {
                return null;
            }
            signals.Add(signal);
        }
        return [.. signals];
    }
}
