using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// A number of 64 bits for several processes, in shared memory. Each operation is one instruction for all who look: whoever dies, it was done or it
/// was not. It wraps around.
/// </summary>
public sealed class SharedCounter : SharedObject
{
    internal static readonly SegmentKind Kind = new(16, "counter", "line 0: the number", static (_, _, _) => { });

    private SharedCounter(Segment segment)
        : base(segment)
    {
    }

    /// <summary>Its value just now.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public long Value
    {
        get
        {
            long value = (long)Segment.Memory.Load(CounterWord.Word);
            Segment.ThrowIfDisposed();
            return value;
        }
    }

    /// <summary>Makes a counter with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="initialValue">Its value at first.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedCounter Create(string name, long initialValue = 0, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, name, options ?? new(), [(ulong)initialValue], []));

    /// <summary>Opens a counter by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no counter of this format.</exception>
    public static SharedCounter Open(string name, SharedObjectOptions? options = null) => new(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, whatever its value, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no counter of this format.</exception>
    public static SharedCounter OpenOrCreate(string name, long initialValue = 0, SharedObjectOptions? options = null) =>
        new(Segment.OpenOrCreate(Kind, name, options ?? new(), [(ulong)initialValue], []));

    /// <summary>Makes a counter without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedCounter CreateUnnamed(long initialValue = 0, SharedObjectOptions? options = null) =>
        new(Segment.Create(Kind, null, options ?? new(), [(ulong)initialValue], []));

    /// <summary>Takes part in an unnamed counter that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no counter of this format.</exception>
    public static SharedCounter OpenUnnamed(SafeHandle memory) => new(Segment.Open(Kind, memory));

    /// <summary>Looks at a counter without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedCounterStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the counter without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedCounterStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>Adds to it.</summary>
    /// <returns>The value afterwards.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public long Add(long amount) => (long)Gate.Change(Segment, new CounterAdd(amount)).After;

    /// <summary>Adds one.</summary>
    /// <inheritdoc cref="Add"/>
    public long Increment() => Add(1);

    /// <summary>Takes one away.</summary>
    /// <inheritdoc cref="Add"/>
    public long Decrement() => Add(-1);

    /// <summary>Gives it another value.</summary>
    /// <returns>The value before.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public long Exchange(long value) => (long)Gate.Change(Segment, new CounterExchange(value)).Before;

    /// <summary>Gives it another value if it has a certain one.</summary>
    /// <param name="value">The other value.</param>
    /// <param name="comparand">The one that it must have.</param>
    /// <returns>The value before: when it is <paramref name="comparand"/>, the other was given.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public long CompareExchange(long value, long comparand) => (long)Gate.Change(Segment, new CounterCompareExchange(value, comparand)).Before;
}
