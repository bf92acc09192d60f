namespace Isthmus.Cli.Stress;

/// <summary>A process of a run: the tool itself, started again.</summary>
internal static class WorkerProgram
{
    /// <summary>What a line begins with that tells of a broken promise.</summary>
    public const string ViolationMark = "violation: ";

    public static int Run(StressFamily family, WorkerOrder order)
    {
        using StressPlace place = new(order.Directory, Ledger.Take(), order.Processes, order.Seed, order.Fault);
        try
        {
            using StressWorker worker = family.Join(place, order.Id);
            worker.Run();
            return ExitCode.Done;
        }
        catch (StressViolationException violation) when (IsTold(violation))
        {
            return ExitCode.No;
        }
    }

    // In the filter, which runs before anything is let go: what others see of that would be told as their violation, and before this one.
    private static bool IsTold(StressViolationException violation)
    {
        Console.WriteLine(ViolationMark + violation.Message);
        return true;
    }
}
