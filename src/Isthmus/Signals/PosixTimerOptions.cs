namespace Isthmus;

/// <summary>What a <see cref="PosixTimer"/> counts on and does.</summary>
public sealed record PosixTimerOptions
{
    /// <summary>The clock; monotonic unless set.</summary>
    public PosixTimerClock Clock { get; init; } = PosixTimerClock.Monotonic;

    /// <summary>The signal that each expiration sends; null (unless set) for none: the timer can only be asked.</summary>
    public Signal? Signal { get; init; }

    /// <summary>The value that the signal carries.</summary>
    public nint Value { get; init; }

    /// <summary>
    /// The thread of this process that gets the signal (<c>SIGEV_THREAD_ID</c>); null (unless set) for the process. It receives it by
    /// <see cref="ThreadSignals.Wait"/>: a real-time signal for one thread does not come to a <see cref="SignalStream"/>.
    /// </summary>
    public int? ThreadId { get; init; }
}
