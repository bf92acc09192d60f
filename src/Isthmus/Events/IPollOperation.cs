using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>One system call on a descriptor that may block, such as a read: a struct, so that the drivers in <see cref="PollableHandle"/> specialise.</summary>
internal interface IPollOperation<TResult>
{
    /// <summary>What to wait for when the call would block.</summary>
    Readiness Readiness { get; }

    /// <summary>
    /// Makes the call. With <paramref name="mayBlock"/> it may sleep in the kernel; without, it must return
    /// <see cref="PollOutcome.WouldBlock"/> instead.
    /// </summary>
    PollOutcome Run(SafeHandle handle, bool mayBlock, out TResult result);
}

/// <summary>How one attempt at an <see cref="IPollOperation{TResult}"/> ended; any error but these two is thrown.</summary>
internal enum PollOutcome
{
    Done,

    /// <summary>EAGAIN.</summary>
    WouldBlock,

    /// <summary>EINTR: a signal came; try again.</summary>
    Interrupted,

    /// <summary>EOPNOTSUPP: this file cannot be asked not to block for a single call; it must be made non-blocking.</summary>
    NoWaitUnsupported,
}
