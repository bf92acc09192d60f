using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace Isthmus.Cli.Synchronization;

/// <summary>The verb <c>info</c>: what is known of an object, without taking part in it.</summary>
internal static class SharedInfo
{
    /// <param name="noun">The kind, as it is called on the command line.</param>
    /// <param name="tells">What it tells.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="type">How it is written as JSON; asked for only when it is, for it takes long to make.</param>
    /// <param name="print">Writes what only this kind has, for people.</param>
    public static Command Create<T>(
        string noun, string tells, Func<SharedNameInput, ParseResult, T> read, Func<JsonTypeInfo<T>> type, Action<T> print)
        where T : JsonSharedInfo
    {
        CliCommand command = new("info", tells) { Examples = [$"isthmus {noun} info jobs", $"isthmus {noun} info jobs --json"] };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> json = new("--json") { Description = "Print JSON." };
        command.Add(json);
        command.SetAction(line => Write(read(name, line), line.GetValue(json), type, print));
        return command;
    }

    /// <summary>Writes it as JSON or for people.</summary>
    public static void Write<T>(T info, bool json, Func<JsonTypeInfo<T>> type, Action<T> print)
        where T : JsonSharedInfo
    {
        if (json)
        {
            JsonDocument.Write(info, type());
            return;
        }
        PrintRow("name", $"{info.Object.Name}");
        print(info);
        Print(info);
    }

    public static void PrintRow(string label, FormattableString value) =>
        Console.WriteLine($"{label + ":",-15}{value.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>A process for people; null is nobody whom we know.</summary>
    public static string Describe(JsonProcess? process) => process switch
    {
        null => "somebody unknown",
        { Name: "" } => string.Create(CultureInfo.InvariantCulture, $"{process.Pid}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{process.Pid} ({process.Name})"),
    };

    private static void Print(JsonSharedInfo info)
    {
        PrintRow("waiters", $"{info.Waiters}");
        PrintRow("creator", $"{Describe(info.Creator)}");
        PrintRow("participants", $"{info.Participants.Count} of {info.MaxParticipants}");
        foreach (JsonParticipant each in info.Participants)
        {
            string waits = each.Waiters == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {each.Waiters} waiting");
            Console.WriteLine($"  {Describe(each.Process)}{(each.Alive ? "" : ", dead")}{waits}");
        }
    }
}
