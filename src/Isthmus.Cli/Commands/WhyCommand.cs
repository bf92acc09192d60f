using System.CommandLine;
using System.Globalization;
using Isthmus.Cli.Inspection;
using Isthmus.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus why [PID]</c>: why a process waits, and on whom; without one, all deadlocks, and what may be one.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        Argument<int?> pid = new("pid")
        {
            Description = "The process; without it, all deadlocks of the machine are told, and circles of awaited calls.",
            Arity = ArgumentArity.ZeroOrOne,
            Validators = { ProcessNumber.Validate },
        };
        Option<bool> all = new("--all", "-a")
        {
            Description = "Also the threads of the .NET runtime and of Isthmus that run none of the program's code.",
        };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new(
            "why",
            "Tell in plain words why each thread of a process waits, followed to the one all wait for. "
            + "Exits with 1 when there is no such process, or no deadlock.")
        {
            Examples = ["isthmus why 1234", "isthmus why 1234 --json", "isthmus why"],
        };
        command.Add(pid);
        command.Add(all);
        command.Add(json);
        command.SetAction(line =>
        {
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
            return line.GetValue(pid) is { } id
                ? Explain(snapshot, id, line.GetValue(all), line.GetValue(json))
                : FindDeadlocks(snapshot, line.GetValue(json));
        });
        return command;
    }

    private static int Explain(Snapshot snapshot, int processId, bool all, bool json)
    {
        Reason reason = Reason.Of(snapshot, processId)
            ?? throw new CliException(string.Create(CultureInfo.InvariantCulture, $"There is no process {processId}."), ExitCode.No);
        WaitChain[] chains = [.. reason.Chains.Where(chain => all || chain.Steps[0].Thread is not { IsRuntime: true })];
        if (json)
        {
            Write(InspectionJson.Of(reason.Process), chains, reason.HiddenProcesses);
            return ExitCode.Done;
        }
        if (reason.Chains.Count == 0)
        {
            Console.WriteLine(Printable.Of($"{reason.Process} is a thread of the kernel, or has just ended."));
        }
        // Threads of a pool wait all alike.
        foreach (IGrouping<string, WaitChain> alike in chains.GroupBy(LikeOf))
        {
            WaitChain first = alike.First();
            int others = alike.Count() - 1;
            Console.WriteLine(Printable.Of(first.ToString()));
            if (others > 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {others} more of its threads likewise"));
            }
        }
        if (reason.HiddenProcesses > 0)
        {
            Notices.Print("isthmus why", snapshot, reason.HiddenProcesses);
        }
        return ExitCode.Done;
    }

    private static int FindDeadlocks(Snapshot snapshot, bool json)
    {
        WaitChain[] deadlocks = [.. Reason.FindDeadlocks(snapshot), .. Reason.FindCircles(snapshot)];
        if (json)
        {
            Write(null, deadlocks, snapshot.Processes.Count(process => process.NotPermitted.HasFlag(SnapshotParts.Descriptors)));
        }
        else
        {
            foreach (WaitChain deadlock in deadlocks)
            {
                Console.WriteLine(Printable.Of(deadlock.ToString()));
            }
        }
        return deadlocks.Length > 0 ? ExitCode.Done : ExitCode.No;
    }

    // The same but for the thread that begins it.
    private static string LikeOf(WaitChain chain)
    {
        WaitStep first = chain.Steps[0];
        return string.Join('|', [
            first.Thread?.Wait.Kind.ToString() ?? "", first.Object?.Id.ToString() ?? first.Thread?.Wait.Call ?? "", chain.End.ToString(),
            .. chain.Steps.Skip(1).Select(step => step.Thread?.Id.ToString(CultureInfo.InvariantCulture) ?? ""),
        ]);
    }

    private static void Write(JsonProcess? process, IReadOnlyList<WaitChain> chains, int hidden) => JsonDocument.Write(
        new JsonReason(process, [.. chains.Select(InspectionJson.Of)], hidden), JsonModel.Default.JsonReason);
}
