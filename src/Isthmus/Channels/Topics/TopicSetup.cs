using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>What a topic was made with, its bounds, and the layout that follows from it.</summary>
internal readonly record struct TopicSetup
{
    // So that a word's index fits in an int.
    private const long DataMax = 8L << 30;

    // A publisher notes what is pinned in the bits of a word.
    private const int GroupMax = 32, WindowMax = 64;

    private const int SmallGroup = 8;
    private const int SmallStride = 1024;

    public static (int Least, int Most) SampleSizes => (1, 1 << 30);

    public static (int Least, int Most) PublisherCounts => (1, TopicPin.RingsMax);

    public static (int Least, int Most) SubscriberCounts => (1, 256);

    public static (int Least, int Most) LoanCounts => (1, 32);

    public static (int Least, int Most) Buffers => (1, 1 << 16);

    public static (int Least, int Most) Histories => (0, 1 << 16);

    public int SampleSize { get; private init; }

    public int Publishers { get; private init; }

    public int Subscribers { get; private init; }

    public int Loans { get; private init; }

    public int Buffer { get; private init; }

    public int History { get; private init; }

    /// <summary>The size of each sample where all have the same type; 0 where they are bytes.</summary>
    public int ElementSize { get; private init; }

    /// <summary>Those on loan, and one that is being copied.</summary>
    public int Pins => Loans + 1;

    /// <summary>In bytes, from one sample to the next.</summary>
    public long SlotStride => RoundUp(TopicLayout.PayloadOffset + (long)SampleSize);

    /// <summary>How many samples a publisher claims at once: enough to share the cost of a claim, few enough to cost little memory.</summary>
    public int Group => Math.Clamp(Needed / 4, SlotStride <= SmallStride ? SmallGroup : 1, GroupMax);

    /// <summary>Of so many samples one at least is not pinned, unless subscribers may pin more than that.</summary>
    public int Window => Math.Min(Group + (Subscribers * Pins), WindowMax);

    /// <summary>
    /// How many samples a ring has: what is kept for the latest and the slowest, what they have on loan, the one that is written, what may be claimed
    /// already, and as much again before one that was overrun is overrun anew.
    /// </summary>
    public int Slots => Needed + (2 * Group);

    /// <summary>In bytes.</summary>
    public long DataSize => FixedSize + (Publishers * Slots * SlotStride);

    private int Needed => Math.Max(Buffer, History) + (Subscribers * Pins) + 1;

    private long SeatStride => RoundUp(TopicLayout.SeatWords(Publishers, Pins) * sizeof(ulong));

    private long FixedSize => (Subscribers * SeatStride) + ((long)Publishers * StateLayout.LineSize);

    public static int Checked(int value, (int Least, int Most) bounds, [CallerMemberName] string name = "") =>
        value >= bounds.Least && value <= bounds.Most
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be {bounds.Least:N0} to {bounds.Most:N0}."));

    /// <exception cref="ArgumentException">It needs more memory than a topic can have.</exception>
    public static TopicSetup Of(TopicOptions options, int elementSize = 0)
    {
        TopicSetup setup = new()
        {
            SampleSize = elementSize > 0 ? elementSize : options.MaxSampleSize,
            Publishers = options.MaxPublishers,
            Subscribers = options.MaxSubscribers,
            Loans = options.MaxLoans,
            Buffer = options.Buffer,
            History = options.History,
            ElementSize = elementSize,
        };
        return setup.DataSize <= DataMax ? setup : throw setup.TooLarge();
    }

    /// <summary>What stands in a segment; false when nobody would have made it so, or it does not fit.</summary>
    public static bool TryRead(Segment segment, out TopicSetup setup) => TryRead(segment.Config, segment.DataSize, out setup);

    /// <inheritdoc cref="TryRead(Segment, out TopicSetup)"/>
    /// <param name="config">A word of the configuration.</param>
    /// <param name="dataSize">How much there is, in bytes.</param>
    /// <param name="setup">What stands there.</param>
    public static bool TryRead(Func<int, ulong> config, long dataSize, out TopicSetup setup)
    {
        setup = default;
        bool isValid = TryRead(config, 0, SampleSizes, out int sampleSize) & TryRead(config, 1, PublisherCounts, out int publishers)
            & TryRead(config, 2, SubscriberCounts, out int subscribers) & TryRead(config, 3, LoanCounts, out int loans)
            & TryRead(config, 4, Buffers, out int buffer) & TryRead(config, 5, Histories, out int history)
            & TryRead(config, 6, (0, SampleSizes.Most), out int elementSize);
        if (!isValid)
        {
            return false;
        }
        setup = new TopicSetup
        {
            SampleSize = sampleSize,
            Publishers = publishers,
            Subscribers = subscribers,
            Loans = loans,
            Buffer = buffer,
            History = history,
            ElementSize = elementSize,
        };
        return setup.DataSize <= DataMax && setup.DataSize <= dataSize;
    }

    /// <summary>Refuses one that exists already and was made differently.</summary>
    public static void Require(SharedObject found, in TopicSetup has, in TopicSetup wanted)
    {
        SegmentSetup.Require(found, has.ElementSize, wanted.ElementSize, "an element size of");
        SegmentSetup.Require(found, has.SampleSize, wanted.SampleSize, nameof(TopicOptions.MaxSampleSize));
        SegmentSetup.Require(found, has.Publishers, wanted.Publishers, nameof(TopicOptions.MaxPublishers));
        SegmentSetup.Require(found, has.Subscribers, wanted.Subscribers, nameof(TopicOptions.MaxSubscribers));
        SegmentSetup.Require(found, has.Loans, wanted.Loans, nameof(TopicOptions.MaxLoans));
        SegmentSetup.Require(found, has.Buffer, wanted.Buffer, nameof(TopicOptions.Buffer));
        SegmentSetup.Require(found, has.History, wanted.History, nameof(TopicOptions.History));
    }

    /// <param name="layout">Of an element: see <see cref="Element"/>.</param>
    public ulong[] ToConfig(ulong layout = 0) =>
        [(ulong)SampleSize, (ulong)Publishers, (ulong)Subscribers, (ulong)Loans, (ulong)Buffer, (ulong)History, (ulong)ElementSize, layout];

    /// <param name="firstWord">The first word of the data.</param>
    public TopicLayout ToLayout(int firstWord) => new()
    {
        Publishers = Publishers,
        Subscribers = Subscribers,
        Pins = Pins,
        Slots = Slots,
        Group = Group,
        Window = Window,
        Buffer = Math.Max(Buffer, 1),
        FirstSeat = firstWord,
        SeatStride = (int)SeatStride / sizeof(ulong),
        FirstRing = firstWord + (int)(Subscribers * SeatStride / sizeof(ulong)),
        RingStride = StateLayout.WordsPerLine,
        FirstSlot = firstWord + (int)(FixedSize / sizeof(ulong)),
        SlotStride = (int)(SlotStride / sizeof(ulong)),
    };

    /// <summary>Where the first sample of a ring stands in the data, in bytes.</summary>
    public long OffsetOfRing(int ring) => FixedSize + (ring * Slots * SlotStride);

    private static bool TryRead(Func<int, ulong> config, int index, (int Least, int Most) bounds, out int value)
    {
        ulong found = config(index);
        value = (int)found;
        return found >= (ulong)bounds.Least && found <= (ulong)bounds.Most;
    }

    private static long RoundUp(long bytes) => (bytes + StateLayout.LineSize - 1) / StateLayout.LineSize * StateLayout.LineSize;

    private ArgumentException TooLarge()
    {
        long slots = (long)Publishers * Slots;
        long fits = ((DataMax - FixedSize) / slots / StateLayout.LineSize * StateLayout.LineSize) - TopicLayout.PayloadOffset;
        string hint = fits > 0 ? $"of at most {fits:N0} bytes each would fit" : "are too many, however small";
        return new ArgumentException(string.Create(
            CultureInfo.InvariantCulture,
            $"The topic would need {DataSize:N0} bytes, and at most {DataMax:N0} are possible: {slots:N0} samples {hint}."));
    }
}
