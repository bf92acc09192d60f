namespace Isthmus;

/// <summary>What a queue was made with, and where its words stand. A private copy, checked: no index that it gives is outside the segment.</summary>
/// <remarks>
/// A position counts the bytes of a lane from its beginning and never falls; a record stands at its position modulo the lane's capacity. A
/// record never
/// wraps: a filler takes the end of the ring.
/// </remarks>
internal readonly struct QueueShape
{
    /// <summary>Signal: something was published, or the peers changed, or the queue was closed.</summary>
    public const int Arrivals = 0;

    /// <summary>Raised whenever a producer or consumer comes or goes.</summary>
    public const int Peers = 1;

    /// <summary>How many places for producers, and for consumers, were ever taken. They only grow.</summary>
    public const int ProducersInUse = 2, ConsumersInUse = 3;

    // The words of a lane. Line 0 changes seldom, line 1 is its consumers', line 2 its producer's.
    private const int RoomWord = 0;
    private const int TakenWord = StateLayout.WordsPerLine, FreedWord = TakenWord + 1, LostWord = TakenWord + 2, BehindWord = TakenWord + 3;
    private const int TailWord = 2 * StateLayout.WordsPerLine, RefusedWord = TailWord + 1;
    private const int LaneWords = 3 * StateLayout.WordsPerLine;

    private readonly int _control;
    private readonly int _rings;

    /// <param name="producers">The most producers.</param>
    /// <param name="priorities">How many levels.</param>
    /// <param name="capacity">Of a lane, in bytes: a power of two.</param>
    /// <param name="consumers">The most consumers.</param>
    /// <param name="acknowledges">Whether what a dead consumer had taken is delivered again.</param>
    /// <param name="dropsOldest">Whether producers take messages back to make room.</param>
    /// <param name="control">The first word of its control lines.</param>
    /// <param name="rings">The first word of its rings.</param>
    public QueueShape(
        int producers, int priorities, int capacity, int consumers, bool acknowledges, bool dropsOldest, int control, int rings)
    {
        (Producers, Priorities, Capacity, Consumers) = ((short)producers, (short)priorities, capacity, (short)consumers);
        (Acknowledges, DropsOldest, _control, _rings) = (acknowledges, dropsOldest, control, rings);
    }

    /// <summary>Of a lane, in bytes.</summary>
    public int Capacity { get; }

    /// <summary>The most producers.</summary>
    public short Producers { get; }

    /// <summary>How many levels.</summary>
    public short Priorities { get; }

    /// <summary>The most consumers.</summary>
    public short Consumers { get; }

    /// <summary>Whether what a dead consumer had taken is delivered again.</summary>
    public bool Acknowledges { get; }

    /// <summary>Whether producers take messages back to make room.</summary>
    public bool DropsOldest { get; }

    /// <summary>Whether messages are taken by compare-exchange of their headers; if not, there is one consumer, who needs none.</summary>
    public bool Claims => Consumers > 1 || Acknowledges || DropsOldest;

    /// <summary>The longest message, in bytes.</summary>
    public int LengthMax => (Capacity / 2) - QueueHeader.Size;

    public int Lanes => Producers * Priorities;

    /// <summary>How many bytes the control lines of a queue take.</summary>
    public static int ControlSize(int producers, int priorities, int consumers) =>
        (LinesOf(producers) + LinesOf(consumers) + (producers * priorities * LaneWords / StateLayout.WordsPerLine)) * StateLayout.LineSize;

    /// <summary>The word that says whose a producer's lanes are.</summary>
    public int Producer(int producer) => _control + producer;

    /// <summary>The word that says whose a consumer's place is.</summary>
    public int Consumer(int consumer) => _control + (LinesOf(Producers) * StateLayout.WordsPerLine) + consumer;

    /// <summary>The number of a producer's lane; those of a level stand together.</summary>
    public int Lane(int producer, int priority) => (priority * Producers) + producer;

    /// <summary>Signal: a place has become free in the lane.</summary>
    public int Room(int lane) => First(lane) + RoomWord;

    /// <summary>How many messages the lane's producers did not send because it was full.</summary>
    public int Refused(int lane) => First(lane) + RefusedWord;

    /// <summary>The position of the first record that nobody has taken; it may be late by one record.</summary>
    public int Taken(int lane) => First(lane) + TakenWord;

    /// <summary>The position of the first record whose place is not free.</summary>
    public int Freed(int lane) => First(lane) + FreedWord;

    /// <summary>How many messages were lost or dropped: see <see cref="QueueLosses"/>.</summary>
    public int Lost(int lane) => First(lane) + LostWord;

    /// <summary>The position after the last record, for people to see: it may be late.</summary>
    public int Tail(int lane) => First(lane) + TailWord;

    /// <summary>Whether a message may be offered again before <see cref="Taken"/>: {pending:1 version:63}.</summary>
    public int Behind(int lane) => First(lane) + BehindWord;

    /// <summary>The word of a lane's ring at a position.</summary>
    public int At(int lane, ulong position) => _rings + (lane * (Capacity / sizeof(ulong))) + ((int)position & (Capacity - 1)) / sizeof(ulong);

    /// <summary>How many bytes a record at a position takes; 0 when it cannot stand there, which no producer writes.</summary>
    public int SizeOf(ulong position, ulong header)
    {
        int size = QueueHeader.RecordSize(QueueHeader.LengthOf(header));
        return size <= Capacity - ((int)position & (Capacity - 1)) ? size : 0;
    }

    private static int LinesOf(int words) => (words + StateLayout.WordsPerLine - 1) / StateLayout.WordsPerLine;

    private int First(int lane) =>
        _control + ((LinesOf(Producers) + LinesOf(Consumers)) * StateLayout.WordsPerLine) + (lane * LaneWords);
}
