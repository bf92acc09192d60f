using System.Diagnostics.CodeAnalysis;

namespace Isthmus;

/// <summary>
/// A sample on loan: it is read in place. Disposing it gives its place back; until then the publisher passes it over. Not for other threads; a copy of it
/// must not be used once one of them is disposed.
/// </summary>
public unsafe ref struct TopicSample : IDisposable
{
    private readonly byte* _payload;
    private readonly int _pin;
    private readonly ulong _pinned;
    private Subscriber? _subscriber;

    internal TopicSample(Subscriber subscriber, byte* payload, int pin, ulong pinned, TopicSampleInfo info)
    {
        _subscriber = subscriber;
        _payload = payload;
        _pin = pin;
        _pinned = pinned;
        Info = info;
    }

    /// <summary>What is known of it.</summary>
    public readonly TopicSampleInfo Info { get; }

    /// <summary>Its bytes, valid until it is disposed; whoever may write the topic could change them meanwhile.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it was disposed.</exception>
    public readonly ReadOnlySpan<byte> Span
    {
        get
        {
            if (_subscriber is null)
            {
                ThrowNone();
            }
            return new ReadOnlySpan<byte>(_payload, Info.Length);
        }
    }

    /// <summary>How many samples of its publisher this subscriber has lost just before it.</summary>
    public readonly long Lost => Info.Lost;

    /// <summary>Gives its place back. A second time does nothing.</summary>
    public void Dispose()
    {
        Subscriber? subscriber = _subscriber;
        _subscriber = null;
        subscriber?.Release(_pin, _pinned);
    }

    [DoesNotReturn]
    private static void ThrowNone() => throw new InvalidOperationException("There is no sample, or it was disposed.");
}
