namespace Isthmus;

/// <summary>
/// Where the words of a topic stand, and how many of each there are; private copies, checked when the topic was opened. Seats are for subscribers,
/// rings for publishers. The map for people is <c>docs/layouts/topic.md</c>.
/// </summary>
internal readonly record struct TopicLayout
{
    /// <summary>Where a subscriber waits for samples: who publishes takes the flags out.</summary>
    public const int News = 0;

    /// <summary>Where a publisher waits for a subscriber that blocks it.</summary>
    public const int Room = StateLayout.WordsPerLine;

    /// <summary>How many rings ever had a publisher; it only grows.</summary>
    public const int RingsInUse = 2 * StateLayout.WordsPerLine;

    /// <summary>How many samples a subscriber has lost that is not where it begins yet.</summary>
    public const ulong NotBegun = ulong.MaxValue;

    /// <summary>In bytes: header, number and length stand before a sample.</summary>
    public const int PayloadOffset = 24;

    // In a seat: its own word, how many samples were lost, then a cursor for each ring, then the pins.
    private const int SeatHead = 2;

    /// <summary>How many rings.</summary>
    public int Publishers { get; init; }

    /// <summary>How many seats.</summary>
    public int Subscribers { get; init; }

    /// <summary>How many samples a subscriber can pin.</summary>
    public int Pins { get; init; }

    /// <summary>How many samples a ring has.</summary>
    public int Slots { get; init; }

    /// <summary>How many samples a publisher claims at once.</summary>
    public int Group { get; init; }

    /// <summary>How far a claim is ahead of what was published at most: more than a group where all of that is pinned.</summary>
    public int Window { get; init; }

    /// <summary>Where a subscriber goes on that was overrun: so many before the newest at least.</summary>
    public int Buffer { get; init; }

    /// <summary>The first word of the first seat.</summary>
    public int FirstSeat { get; init; }

    /// <summary>From one seat to the next.</summary>
    public int SeatStride { get; init; }

    /// <summary>The first word of the first ring's control line.</summary>
    public int FirstRing { get; init; }

    /// <summary>From one control line to the next.</summary>
    public int RingStride { get; init; }

    /// <summary>The first word of the first sample.</summary>
    public int FirstSlot { get; init; }

    /// <summary>From one sample to the next.</summary>
    public int SlotStride { get; init; }

    /// <summary>How many words a seat has in use.</summary>
    public static int SeatWords(int publishers, int pins) => SeatHead + publishers + pins;

    /// <summary>Who sits in a seat (<see cref="TopicOwner"/>).</summary>
    public int Seat(int seat) => FirstSeat + (seat * SeatStride);

    /// <summary>How many samples the subscriber of a seat has lost; <see cref="NotBegun"/> until it stands where it begins.</summary>
    public int Lost(int seat) => Seat(seat) + 1;

    /// <summary>The position in a ring below which a subscriber that blocks wants nothing more.</summary>
    public int Cursor(int seat, int ring) => Seat(seat) + SeatHead + ring;

    /// <summary>Which sample must not be overwritten (<see cref="TopicPin"/>).</summary>
    public int Pin(int seat, int pin) => Seat(seat) + SeatHead + Publishers + pin;

    /// <summary>Who publishes in a ring (<see cref="TopicOwner"/>).</summary>
    public int Owner(int ring) => FirstRing + (ring * RingStride);

    /// <summary>The position up to which the ring's publisher may write, without asking; what stands a whole ring before is gone.</summary>
    public int Claim(int ring) => FirstRing + (ring * RingStride) + 1;

    /// <summary>The header of the sample at a position (<see cref="TopicHeader"/>).</summary>
    public int Header(int ring, ulong position) => FirstSlot + (((ring * Slots) + IndexOf(position)) * SlotStride);

    /// <summary>How many samples were published in the ring before the one at a position.</summary>
    public int Number(int ring, ulong position) => Header(ring, position) + 1;

    /// <summary>The length in bytes of the sample at a position.</summary>
    public int Length(int ring, ulong position) => Header(ring, position) + 2;

    /// <summary>Which slot of its ring a position is.</summary>
    public int IndexOf(ulong position) => (int)(position % (ulong)Slots);

    /// <summary>The first position that the holder of a claim has left alone.</summary>
    public ulong Oldest(ulong claim) => claim > (ulong)Slots ? claim - (ulong)Slots : 0;

    /// <summary>Whether the sample at a position may be overwritten by the holder of a claim.</summary>
    public bool IsGone(ulong position, ulong claim) => claim > position + (ulong)Slots;

    /// <summary>The first position that the holder of a claim may not have published yet.</summary>
    public ulong FirstUnsettled(ulong claim) => claim > (ulong)Window ? claim - (ulong)Window : 0;
}
