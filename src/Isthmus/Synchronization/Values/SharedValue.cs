using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A value that several processes read and write whole, in shared memory. Reading waits for nobody and writes nothing; a writer that is stopped or
/// killed stops other writers at most, and what it had not finished was never there.
/// </summary>
/// <typeparam name="T">
/// A struct of numbers: without references, pointers, handles, and nothing that means something in one process only. All who use the value agree on
/// its layout, and that is checked: the size, and the kinds of the fields in their order. At most <see cref="SizeMax"/> bytes.
/// </typeparam>
/// <remarks>
/// Reading copies the value and begins anew when it was written meanwhile. So a large one that is written all the time is read slowly; the copy is
/// never torn.
/// </remarks>
[SuppressMessage("Design", "CA1000", Justification = "As for all shared objects: Create and Open stand on the type that they give.")]
public sealed class SharedValue<T> : SharedObject
    where T : unmanaged
{
    internal static readonly SegmentKind Kind = new(
        15,
        "value",
        "line 0: writer, a mutex word; line 1: version {low:30 waiters:2 | high:32}; two copies of whole lines, version % 2 is valid, "
            + "from line 2 or, where they do not fit before the slots, in the data; config: size, layout",
        Recover);

    private readonly ValueCopies<T> _copies;

    private SharedValue(Segment segment)
        : base(segment)
    {
        Element found = new((int)segment.Config(0), segment.Config(1)), asked = Element.Of<T>();
        if (!found.IsLike(asked))
        {
            throw new InvalidDataException($"{segment} has {found.Unlike(asked, "values")}.");
        }
        _copies = new ValueCopies<T>(FirstOf(segment.Capacity));
        if (segment.Words < _copies.End)
        {
            throw new InvalidDataException($"{segment} is damaged: there is no room in it for its value.");
        }
    }

    /// <summary>The greatest size of a value, in bytes.</summary>
    public static int SizeMax => 64 * 1024;

    /// <summary>How often it was written.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public long Version
    {
        get
        {
            ulong word = Segment.Memory.Load(ValueWord.Word);
            Segment.ThrowIfDisposed();
            return ValueWord.VersionOf(word);
        }
    }

    /// <summary>Makes a value with a name.</summary>
    /// <param name="name">1 to 200 of the characters A-Z a-z 0-9 . _ -, not starting with a dot.</param>
    /// <param name="initial">What it is at first, as version 0.</param>
    /// <param name="options">Who may use it, and where it is.</param>
    /// <exception cref="ArgumentException">It is no such name; or <typeparamref name="T"/> is too large.</exception>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: <c>/dev/shm</c> is full.</exception>
    public static SharedValue<T> Create(string name, T initial = default, SharedObjectOptions? options = null)
    {
        options ??= new();
        return Made(Segment.Create(Kind, name, options, StateOf(initial, options), ConfigOf(), DataSizeOf(options)));
    }

    /// <summary>Opens a value by its name.</summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such object.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no value of this format and size.</exception>
    public static SharedValue<T> Open(string name, SharedObjectOptions? options = null) => Made(Segment.Open(Kind, name, options ?? new()));

    /// <summary>
    /// Opens it, whatever it is, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.
    /// </summary>
    /// <inheritdoc cref="Create"/>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="InvalidDataException">What stands at the name is no value of this format and size.</exception>
    public static SharedValue<T> OpenOrCreate(string name, T initial = default, SharedObjectOptions? options = null)
    {
        options ??= new();
        return Made(Segment.OpenOrCreate(Kind, name, options, StateOf(initial, options), ConfigOf(), DataSizeOf(options)));
    }

    /// <summary>Makes a value without a name, to be handed on by <see cref="SharedObject.Share"/>.</summary>
    /// <inheritdoc cref="Create"/>
    public static SharedValue<T> CreateUnnamed(T initial = default, SharedObjectOptions? options = null)
    {
        options ??= new();
        return Made(Segment.Create(Kind, null, options, StateOf(initial, options), ConfigOf(), DataSizeOf(options)));
    }

    /// <summary>Takes part in an unnamed value that another process made.</summary>
    /// <param name="memory">What its <see cref="SharedObject.Share"/> gave; it may be disposed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no value of this format and size.</exception>
    public static SharedValue<T> OpenUnnamed(SafeHandle memory) => Made(Segment.Open(Kind, memory));

    /// <summary>Looks at a value without taking part in it.</summary>
    /// <inheritdoc cref="Open"/>
    public static SharedValueStatus GetStatus(string name, SharedObjectOptions? options = null) =>
        new(SegmentSnapshot.Take(Kind, name, options ?? new()));

    /// <summary>Looks at the value without disturbing it.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SharedValueStatus GetStatus() => new(Segment.TakeSnapshot());

    /// <summary>What it is just now.</summary>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public T Read() => ReadVersion().Value;

    /// <summary>What it is just now, and how often it was written before.</summary>
    /// <inheritdoc cref="Read"/>
    public SharedValueReading<T> ReadVersion()
    {
        ValueRead<T> read = new(_copies);
        Driver.Run(Segment, ref read);
        return new(read.Value, read.Version);
    }

    /// <summary>Writes it; waits while another writes.</summary>
    /// <param name="value">What it becomes.</param>
    /// <returns>The version that this is.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public long Write(T value)
    {
        TryEnter(Deadline.Never, out ulong owned);
        return Publish(owned, value);
    }

    /// <summary>Writes it; waits up to <paramref name="timeout"/> while another writes.</summary>
    /// <param name="value">What it becomes.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns>False when the time was up; nothing was written.</returns>
    /// <inheritdoc cref="Write"/>
    public bool TryWrite(T value, TimeSpan timeout)
    {
        if (!TryEnter(Deadline.After(timeout), out ulong owned))
        {
            return false;
        }
        Publish(owned, value);
        return true;
    }

    /// <summary>Writes it; completes when it is written.</summary>
    /// <param name="value">What it becomes.</param>
    /// <param name="cancellationToken">Ends the wait for other writers.</param>
    /// <exception cref="OperationCanceledException">Cancelled: nothing was written.</exception>
    /// <inheritdoc cref="Write"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<long> WriteAsync(T value, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MutexEnter enter = new(Segment.Slot, Waiters.Bells);
        enter = await Driver.RunAsync(Segment, enter, Deadline.Never, cancellationToken).ConfigureAwait(false);
        if (!HasEntered(enter))
        {
            throw new OperationCanceledException(cancellationToken);
        }
        return Publish(enter.Owned, value);
    }

    /// <summary>Writes what a function makes of it; nobody else writes meanwhile.</summary>
    /// <param name="update">Is given what it is, and returns what it becomes. It must not write the same value. When it throws, nothing is
    /// written.</param>
    /// <returns>What it has become.</returns>
    /// <inheritdoc cref="Write"/>
    public SharedValueReading<T> Update(Func<T, T> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        TryEnter(Deadline.Never, out ulong owned);
        T updated;
        try
        {
            updated = update(Read());
        }
        catch
        {
            Exit(owned);
            throw;
        }
        return new(updated, Publish(owned, updated));
    }

    /// <summary>Waits until it is newer than a version, and reads it.</summary>
    /// <param name="version">The version that is known already.</param>
    /// <returns>A newer one; those between may have been missed.</returns>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    public SharedValueReading<T> WaitForNewer(long version)
    {
        Gate.TryPass(Segment, new NewerGate(version), Deadline.Never);
        return ReadVersion();
    }

    /// <summary>Waits until it is newer than a version, at most <paramref name="timeout"/>, and reads it.</summary>
    /// <param name="version">The version that is known already.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="reading">A newer one, when true is returned; else what it is.</param>
    /// <returns>False when the time was up.</returns>
    /// <inheritdoc cref="WaitForNewer"/>
    public bool TryWaitForNewer(long version, TimeSpan timeout, out SharedValueReading<T> reading)
    {
        bool passed = Gate.TryPass(Segment, new NewerGate(version), Deadline.After(timeout));
        reading = ReadVersion();
        return passed;
    }

    /// <summary>Completes when it is newer than a version.</summary>
    /// <param name="version">The version that is known already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A newer one; those between may have been missed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <inheritdoc cref="WaitForNewer"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<SharedValueReading<T>> WaitForNewerAsync(long version, CancellationToken cancellationToken = default)
    {
        await Gate.PassAsync(Segment, new NewerGate(version), cancellationToken).ConfigureAwait(false);
        return ReadVersion();
    }

    /// <summary>Completes when it is newer than a version, or after <paramref name="timeout"/>.</summary>
    /// <param name="version">The version that is known already.</param>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A newer one; null when the time was up.</returns>
    /// <inheritdoc cref="WaitForNewerAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<SharedValueReading<T>?> TryWaitForNewerAsync(
        long version, TimeSpan timeout, CancellationToken cancellationToken = default) =>
        await Gate.TryPassAsync(Segment, new NewerGate(version), timeout, cancellationToken).ConfigureAwait(false) ? ReadVersion() : null;

    /// <summary>A newer version as one of several things to wait for.</summary>
    /// <param name="version">The version that is known already.</param>
    public WaitSource ToWaitSource(long version) => Gate.ToWaitSource(Segment, new NewerGate(version), static _ => { });

    private static SharedValue<T> Made(Segment segment) => SegmentSetup.Make(segment, static segment => new SharedValue<T>(segment));

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        ValueRecovery recovery = new(slot, proven);
        Driver.Run(ref memory, ref recovery);
    }

    private static int FirstOf(int capacity)
    {
        ValueCopies<T> inLines = new(2 * StateLayout.WordsPerLine);
        return inLines.End <= StateLayout.Slot(0)
            ? inLines.First
            : (int)((SegmentLayout.ControlSize(capacity) - SegmentLayout.State(capacity)) / sizeof(ulong));
    }

    private static long DataSizeOf(SharedObjectOptions options) =>
        FirstOf(options.MaxParticipants) < StateLayout.Slot(0) ? 0 : 2L * ValueCopies<T>.Stride * sizeof(ulong);

    // All words up to the first copy, and that.
    private static ulong[] StateOf(T initial, SharedObjectOptions options)
    {
        if (Unsafe.SizeOf<T>() > SizeMax)
        {
            throw new ArgumentException($"{typeof(T)} has {Unsafe.SizeOf<T>()} bytes, and a value has at most {SizeMax}.");
        }
        ValueCopies<T> copies = new(FirstOf(options.MaxParticipants));
        ulong[] state = new ulong[copies.First + ValueCopies<T>.Words];
        for (int index = 0; index < ValueCopies<T>.Words; index++)
        {
            state[copies.WordOf(0, index)] = ValueCopies<T>.Get(ref initial, index);
        }
        return state;
    }

    private static ulong[] ConfigOf() => [(ulong)Element.Of<T>().Size, Element.Of<T>().Layout];

    private bool TryEnter(Deadline deadline, out ulong owned)
    {
        MutexEnter enter = new(Segment.Slot, Waiters.Sleepers);
        Driver.Block(Segment, ref enter, deadline);
        owned = enter.Owned;
        return HasEntered(enter);
    }

    private bool HasEntered(MutexEnter enter)
    {
        if (enter.Outcome == MutexEntry.Unusable)
        {
            throw new InvalidDataException($"{Segment} is damaged: its writers' word says what no writer writes.");
        }
        if (enter.Outcome == MutexEntry.Abandoned)
        {
            // A writer died, and what is published is whole: nobody need be told.
            MutexConsistent consistent = new(enter.Owned);
            Driver.Run(Segment, ref consistent);
        }
        return enter.Outcome != MutexEntry.Busy;
    }

    private long Publish(ulong owned, T value)
    {
        ValuePublish<T> publish = new(_copies, value);
        Driver.Run(Segment, ref publish);
        Exit(owned);
        return publish.Version;
    }

    // Also of one that was disposed meanwhile: then it changes nothing.
    private void Exit(ulong owned)
    {
        MutexExit exit = new(owned);
        SegmentMemory memory = Segment.Memory;
        Driver.Run(ref memory, ref exit);
        GC.KeepAlive(this);
    }
}
