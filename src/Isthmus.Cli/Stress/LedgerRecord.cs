using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// The account of one process, from its start to its end. It writes its own words and the controller those about kills and pauses; stores are
/// releases, so that what a killed process has written is what it had done, in order.
/// </summary>
internal readonly ref struct LedgerRecord(Span<long> words, long id)
{
    public const int Words = 16;

    /// <summary>For <see cref="Succeed"/>: it is known that it was succeeded, and not when.</summary>
    public const long Unknown = -1;

    private readonly Span<long> _words = words;

    public long Id { get; } = id;

    public WorkerPhase Phase
    {
        get => (WorkerPhase)Volatile.Read(ref _words[0]);
        set => Volatile.Write(ref _words[0], (long)value);
    }

    /// <summary>How many turns it has had.</summary>
    public ref long Turns => ref _words[1];

    public ref long ProcessId => ref _words[2];

    /// <summary>When the controller began to kill it; 0 while it lives. Clocks are the machine's monotonic one.</summary>
    public ref long KilledAt => ref _words[3];

    /// <summary>When its death could be seen by all.</summary>
    public ref long DeathSeenAt => ref _words[4];

    /// <summary>When another first got what it held as it died; 0 when it held nothing, or nobody has yet.</summary>
    public ref long SucceededAt => ref _words[5];

    /// <summary>Not 0 while it is paused.</summary>
    public ref long Paused => ref _words[6];

    /// <summary>Which of the places it has: those who come after it have the same one, and at one time only one has it.</summary>
    public ref long Seat => ref _words[7];

    public bool IsKilled => Volatile.Read(ref KilledAt) != 0;

    public bool IsPaused => Volatile.Read(ref Paused) != 0;

    /// <summary>A word for the family's own use.</summary>
    public ref long Own(int index) => ref _words[8 + index];

    /// <summary>Says that somebody has got what this process held when it was killed; only the first one counts.</summary>
    public void Succeed(long now) => Interlocked.CompareExchange(ref SucceededAt, now, 0);

    /// <summary>As <see cref="Succeed"/>, by one who may not have wanted it yet when this process died: the time before that is not counted.</summary>
    /// <param name="wanted">Since when it wanted it.</param>
    public void SucceedWanted(long wanted)
    {
        (long now, long seen) = (Stopwatch.GetTimestamp(), Volatile.Read(ref DeathSeenAt));
        Succeed(seen == 0 ? now : seen + (now - Math.Max(seen, wanted)));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"process {Volatile.Read(ref ProcessId)} ({Phase}{(IsPaused ? ", paused" : "")})");
}
