using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>One system call on a descriptor that may block, such as a read: a struct, so that the drivers in <see cref="PollableHandle"/> specialise.</summary>
internal interface IPollOperation<TResult>
{
    /// <summary>What to wait for when the call would block.</summary>
    Readiness Readiness { get; }

    /// <summary>
    /// Makes the call: the plain one, which sleeps in the kernel as long as the descriptor is blocking, or with
    /// <paramref name="noWait"/> its form that returns <see cref="PollOutcome.WouldBlock"/> instead (<c>RWF_NOWAIT</c>, <c>MSG_DONTWAIT</c>).
    /// </summary>
    PollOutcome Run(SafeHandle handle, bool noWait, out TResult result);
}

/// <summary>How one attempt at an <see cref="IPollOperation{TResult}"/> ended; any error but these two is thrown.</summary>
internal enum PollOutcome
{
    Done,

    /// <summary>EAGAIN.</summary>
    WouldBlock,

    /// <summary>EINTR: a signal came; try again.</summary>
    Interrupted,

    /// <summary>EOPNOTSUPP: this file has no such form; it must be made non-blocking, then the plain call does not wait.</summary>
    NoWaitUnsupported,
}
