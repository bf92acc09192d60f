using System.CommandLine;
using System.Globalization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus signal info PID</c>: what a process does with signals, decoded.</summary>
internal static class SignalInfoCommand
{
    public static Command Create()
    {
        Argument<int> pid = SignalCommand.ProcessArgument();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new("info", "Tell which signals a process catches and ignores, which its threads have blocked, and which wait.")
        {
            Examples = ["isthmus signal info 1234", "isthmus signal info 1234 --json"],
        };
        command.Add(pid);
        command.Add(json);
        command.SetAction(line =>
        {
            JsonSignalState info = Read(line.GetRequiredValue(pid));
            if (line.GetValue(json))
            {
                JsonDocument.Write(info, JsonModel.Default.JsonSignalState);
            }
            else
            {
                Print(info);
            }
        });
        return command;
    }

    private static JsonSignalState Read(int pid)
    {
        using ProcessHandle process = ProcessHandle.Open(pid);
        SignalState state = process.ReadSignals();
        List<JsonThreadSignals> threads = [];
        foreach (ThreadInfo thread in process.ReadThreads())
        {
            try
            {
                SignalState own = SignalState.ReadThread(pid, thread.Id);
                threads.Add(new JsonThreadSignals(thread.Id, thread.Name, Names(own.Blocked), Names(own.Pending)));
            }
            catch (PosixException error) when (error.Errno == Errno.ESRCH)
            {
                // It has ended since.
            }
        }
        return new JsonSignalState(
            new JsonProcess(pid, (ulong)process.Identity.StartTime, threads.Find(thread => thread.Tid == pid)?.Name ?? ""),
            Names(state.Caught), Names(state.Ignored), Names(state.SharedPending), state.QueuedCount, state.QueuedMax, threads);
    }

    private static string[] Names(SignalSet signals) => [.. signals.Select(signal => signal.Name)];

    private static void Print(JsonSignalState info)
    {
        PrintRow("process", [string.Create(CultureInfo.InvariantCulture, $"{info.Process.Pid} ({info.Process.Name})")]);
        PrintRow("caught", info.Caught);
        PrintRow("ignored", info.Ignored);
        PrintRow("pending", info.Pending);
        PrintRow("queued", [string.Create(CultureInfo.InvariantCulture, $"{info.Queued} for the user, of {info.QueuedMax}")]);
        // Threads with the same masks in one row: mostly all.
        foreach (IGrouping<string, JsonThreadSignals> alike in info.Threads.GroupBy(
            thread => $"blocked {Join(thread.Blocked)}; pending {Join(thread.Pending)}"))
        {
            string[] ids = [.. alike.Select(thread => thread.Tid.ToString(CultureInfo.InvariantCulture))];
            PrintRow(ids.Length == 1 ? "thread" : "threads", [$"{string.Join(' ', ids)}: {alike.Key}"]);
        }
    }

    private static string Join(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(' ', names);

    private static void PrintRow(string label, IReadOnlyList<string> names) => Console.WriteLine($"{label + ":",-10}{Join(names)}");
}
