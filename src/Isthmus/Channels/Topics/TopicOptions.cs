namespace Isthmus;

/// <summary>
/// How a <see cref="Topic"/> is made. Its memory is allocated at once: <see cref="MaxPublishers"/> rings, each with room for
/// <see cref="Topic.SlotsPerPublisher"/> samples of <see cref="MaxSampleSize"/> bytes (<see cref="Topic.SizeOf"/>).
/// </summary>
public record TopicOptions : SharedObjectOptions
{
    /// <summary>The greatest size of a sample in bytes, from 1 to 1 GiB.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int MaxSampleSize
    {
        get;
        init => field = TopicSetup.Checked(value, TopicSetup.SampleSizes);
    } = 1024;

    /// <summary>How many may publish at once, from 1 to 64. Each has memory of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int MaxPublishers
    {
        get;
        init => field = TopicSetup.Checked(value, TopicSetup.PublisherCounts);
    } = 4;

    /// <summary>How many may subscribe at once, from 1 to 256.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int MaxSubscribers
    {
        get;
        init => field = TopicSetup.Checked(value, TopicSetup.SubscriberCounts);
    } = 16;

    /// <summary>How many samples a subscriber may have on loan at once, from 1 to 32.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int MaxLoans
    {
        get;
        init => field = TopicSetup.Checked(value, TopicSetup.LoanCounts);
    } = 2;

    /// <summary>
    /// How many samples of each publisher a subscriber may be behind before it loses any, or before it blocks the publisher; from 1 to 65,536. It is a lower
    /// bound: more may fit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int Buffer
    {
        get;
        init => field = TopicSetup.Checked(value, TopicSetup.Buffers);
    } = 64;

    /// <summary>How many of the last samples of each publisher are kept for those who subscribe later, from 0 to 65,536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public int History
    {
        get;
        init => field = TopicSetup.Checked(value, TopicSetup.Histories);
    }
}
