using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// Signal handlers in machine code, because managed code must never run as one: the signal may have stopped the runtime at
/// any instruction. Each is position independent, ends with a place for the table's address, and touches nothing but its
/// registers, its <see cref="HandlerEntry"/> and the frame that the kernel made; raw system calls leave <c>errno</c> alone.
/// The comment of each line is its source: a test has the assembler check every byte.
/// </summary>
internal abstract class HandlerCode
{
    /// <summary>
    /// Of standard signals: writes the kernel's <c>siginfo_t</c> into the entry's descriptor, a non-blocking pipe, counts when that
    /// fails, then goes on to the handler that stood there before.
    /// </summary>
    public abstract ReadOnlySpan<byte> Write { get; }

    /// <summary>
    /// Of real-time signals: blocks the signal in the thread that it interrupted, in the mask that the kernel restores when it returns.
    /// One that was not sent for this (<c>SI_TKILL</c>), so came before all threads had it blocked, is queued once more.
    /// </summary>
    public abstract ReadOnlySpan<byte> Block { get; }

    /// <summary>The opposite, for the signals in entry 0.</summary>
    public abstract ReadOnlySpan<byte> Unblock { get; }

    /// <exception cref="PlatformNotSupportedException">Nobody has written them for that processor.</exception>
    public static HandlerCode Of(Architecture architecture) => architecture switch
    {
        Architecture.X64 => new X64HandlerCode(),
        Architecture.Arm64 => new Arm64HandlerCode(),
        _ => throw new PlatformNotSupportedException($"Signals can be caught on x86-64 and arm64, not on {architecture}."),
    };
}
