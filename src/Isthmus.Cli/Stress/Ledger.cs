using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// What the processes of a run keep accounts in: plain words in memory that all of them map, with nothing of what is under test. Words that all
/// share come first, then one record for each process that ever takes part; a killed one's stays, and its successor gets another.
/// </summary>
internal sealed class Ledger : IDisposable
{
    /// <summary>The descriptor that processes of a run inherit it as.</summary>
    public const int Descriptor = 3;

    private const int SharedWords = 512, StoppingWord = SharedWords - 1, KillsWord = SharedWords - 2, SeatWords = 256;

    private readonly AnonymousMemory _memory;

    private Ledger(AnonymousMemory memory) => _memory = memory;

    /// <summary>To be inherited.</summary>
    public SafeFileHandle Handle => _memory.Handle;

    /// <summary>How many records there are; they are numbered from 1.</summary>
    public int Records => (int)((_memory.Length / sizeof(long)) - SharedWords) / LedgerRecord.Words;

    /// <summary>Not 0 when everybody is to leave.</summary>
    public ref long Stopping => ref Shared(StoppingWord);

    /// <summary>How many kills have begun.</summary>
    public ref long Kills => ref Shared(KillsWord);

    /// <summary>A word for each seat; each family has its own use for them.</summary>
    public ref long OfSeat(int seat) => ref Shared(SeatWords + seat);

    /// <summary>The record of a process.</summary>
    /// <exception cref="StressViolationException">There is none: somebody has written nonsense.</exception>
    public LedgerRecord this[long id] => id >= 1 && id <= Records
        ? new LedgerRecord(_memory.AsSpan<long>((SharedWords + ((id - 1) * LedgerRecord.Words)) * sizeof(long), LedgerRecord.Words), id)
        : throw new StressViolationException(string.Create(CultureInfo.InvariantCulture, $"There is no process {id}, and one is accounted for."));

    public static Ledger Create(int records) => new(AnonymousMemory.Create((SharedWords + ((long)records * LedgerRecord.Words)) * sizeof(long)));

    public static Ledger Take() => new(AnonymousMemory.FromHandle(InheritedHandle.Take(Descriptor)));

    /// <summary>A word that all share; each family has its own use for them.</summary>
    public ref long Shared(int index) => ref _memory.AsSpan<long>(index * sizeof(long), 1)[0];

    public void Dispose() => _memory.Dispose();
}
