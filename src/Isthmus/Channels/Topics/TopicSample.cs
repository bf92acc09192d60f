namespace Isthmus;

/// <summary>
/// A sample on loan: it is read in place. Disposing it gives its place back; until then the publisher passes it over. Not for other threads.
/// </summary>
public readonly unsafe ref struct TopicSample : IDisposable
{
    private readonly Subscriber? _subscriber;
    private readonly byte* _payload;
    private readonly int _pin;
    private readonly ulong _pinned;

    internal TopicSample(Subscriber subscriber, byte* payload, int pin, ulong pinned, TopicSampleInfo info)
    {
        _subscriber = subscriber;
        _payload = payload;
        _pin = pin;
        _pinned = pinned;
        Info = info;
    }

    /// <summary>What is known of it.</summary>
    public TopicSampleInfo Info { get; }

    /// <summary>Its bytes, valid until it is disposed; whoever may write the topic could change them meanwhile.</summary>
    public ReadOnlySpan<byte> Span => new(_payload, Info.Length);

    /// <summary>How many samples of its publisher this subscriber has lost just before it.</summary>
    public long Lost => Info.Lost;

    /// <summary>Gives its place back. A second time does nothing.</summary>
    public void Dispose() => _subscriber?.Release(_pin, _pinned);
}
