using Isthmus.Inspection;

namespace Isthmus.Cli.Watch;

/// <summary>A process as it is watched.</summary>
/// <param name="Process">The process.</param>
/// <param name="Cpu">The share of one CPU that it took; null when it was not there all the time.</param>
/// <param name="Rate">What it reads and writes; null when that may not be seen, or it was not there all the time.</param>
/// <param name="Edges">How many edges it has.</param>
/// <param name="Stuck">Why it does not go on by itself; null when it may.</param>
internal sealed record WatchProcess(ProcessNode Process, double? Cpu, TransferRate? Rate, int Edges, WaitChain? Stuck)
{
    /// <summary>What its main thread waits for, in a word.</summary>
    public string Wait => Process.Threads is [{ Wait.Kind: not WaitKind.None } main, ..] ? JsonSignal.Word(main.Wait.Kind) : "";

    public Blocking Blocking => Stuck is null ? Blocking.None : Blocking.Stuck;
}
