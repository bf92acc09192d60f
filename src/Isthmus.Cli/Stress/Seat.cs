using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Isthmus.Cli.Stress;

/// <summary>A place for one process at a time: the controller's view of it.</summary>
internal sealed class Seat : IDisposable
{
    private readonly ChildProcess _process;
    private readonly Ledger _ledger;

    private Seat(ChildProcess process, Ledger ledger, long id)
    {
        (_process, _ledger, Id) = (process, ledger, id);
        Ended = SeeEndAsync();
    }

    /// <summary>The number of its record.</summary>
    public long Id { get; }

    public LedgerRecord Record => _ledger[Id];

    public int ProcessId => _process.Id;

    /// <summary>How its process ended; its death is in the record by then.</summary>
    public Task<ExitStatus> Ended { get; }

    /// <summary>When it goes on; null while it is not paused.</summary>
    public long? PausedUntil { get; private set; }

    /// <summary>When it was paused.</summary>
    public long PausedAt { get; private set; }

    /// <summary>Whether it takes its turns.</summary>
    public bool IsAtWork => !Record.IsKilled && !Ended.IsCompleted && Record.Phase is not (WorkerPhase.Starting or WorkerPhase.Left);

    public static Seat Start(StressFamily family, WorkerOrder order, Ledger ledger, SafeFileHandle output)
    {
        (string fileName, string[] first) = Bench.PeerProcess.Tool();
        ChildProcess process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = fileName,
            Arguments = [.. first, Commands.StressWorkerCommand.Name, family.Name, .. order.Format()],
            Descriptors = new Dictionary<int, SafeHandle> { [Ledger.Descriptor] = ledger.Handle },
            StandardInput = StandardStream.Null,
            StandardOutput = StandardStream.Handle(output),
            StandardError = StandardStream.Handle(output),
            Group = ChildGroup.New, // Ctrl+C is for the tool.
            DiesWithParent = true,
        });
        return new Seat(process, ledger, order.Id);
    }

    /// <summary>Kills it; that it is going to be is in the accounts first.</summary>
    public void Kill()
    {
        Interlocked.Increment(ref _ledger.Kills);
        Volatile.Write(ref Record.KilledAt, Stopwatch.GetTimestamp());
        _process.Kill();
    }

    public void Pause(long until)
    {
        (PausedAt, PausedUntil) = (Stopwatch.GetTimestamp(), until);
        Volatile.Write(ref Record.Paused, 1);
        _process.Send(Signal.SIGSTOP);
    }

    public void GoOn()
    {
        _process.Send(Signal.SIGCONT);
        Volatile.Write(ref Record.Paused, 0);
        PausedUntil = null;
    }

    /// <summary>Ends it unless it has ended, and sees how.</summary>
    public Task<ExitStatus> EndAsync()
    {
        _process.Kill();
        return Ended;
    }

    /// <summary>Ends it whatever it does.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.Wait();
        _process.Dispose();
    }

    private async Task<ExitStatus> SeeEndAsync()
    {
        ExitStatus status = await _process.WaitAsync();
        Volatile.Write(ref Record.DeathSeenAt, Stopwatch.GetTimestamp());
        return status;
    }
}
