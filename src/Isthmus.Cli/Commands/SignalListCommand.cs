using System.CommandLine;
using System.Globalization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus signal list</c>: all signals, what they do by default, and who may use them.</summary>
internal static class SignalListCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new("list", "List the signals: number, name, default action, and whether a program may catch, block and ignore it.")
        {
            Examples = ["isthmus signal list", "isthmus signal list --json"],
        };
        command.Add(json);
        command.SetAction(line =>
        {
            JsonSignalKind[] kinds = [.. Enumerable.Range(1, 64).Where(number => number is not (32 or 33)).Select(Describe)];
            if (line.GetValue(json))
            {
                JsonDocument.Write(new JsonSignalList(kinds), JsonModel.Default.JsonSignalList);
                return;
            }
            foreach (JsonSignalKind kind in kinds)
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{kind.Number,2} {kind.Name,-11} {kind.DefaultAction,-10} {Meaning(kind.ReservedFor)}").TrimEnd());
            }
        });
        return command;
    }

    private static JsonSignalKind Describe(int number)
    {
        Signal signal = new(number);
        SignalReservation reservation = signal.GetReservation();
        return new JsonSignalKind(
            number, signal.Name, JsonSignal.Word(signal.DefaultAction), signal.IsRealTime,
            reservation == SignalReservation.None ? null : JsonSignal.Word(reservation));
    }

    private static string Meaning(string? reservedFor) => reservedFor switch
    {
        null => "",
        "kernel" => "cannot be caught, blocked or ignored",
        "fault" => "a fault of the thread that runs: the runtime's",
        "runtime" => "the .NET runtime's",
        _ => "interrupts this library's waiting threads",
    };
}
