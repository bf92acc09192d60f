namespace Isthmus;

/// <summary>How an attempt to queue a signal ended.</summary>
public enum SignalQueueOutcome
{
    /// <summary>It was sent.</summary>
    Queued,

    /// <summary><c>EAGAIN</c>: the receiver's user has as many signals queued as the receiver's RLIMIT_SIGPENDING allows. Nothing was sent.</summary>
    Full,

    /// <summary><c>ESRCH</c>: the receiver has ended.</summary>
    Ended,
}
