using System.Runtime.CompilerServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A lock on a file or on a range of its bytes, against other processes and against other <see cref="FileLock"/>s of this
/// one: open file description (default), POSIX or BSD flavour. Advisory: it stops only those who ask for it too. The kernel
/// releases it when its holder dies, by whatever signal, even before the process is reaped.
/// </summary>
/// <remarks>
/// One object is one holder: it can be acquired again and again, but not twice at once. Threads that are to exclude each
/// other need an object each, of a file opened for each; then the flavours <see cref="FileLockKind.Ofd"/> and
/// <see cref="FileLockKind.Flock"/> work between them, while a <see cref="FileLockKind.Posix"/> lock is the process's. All
/// methods may be called from any thread, a lock may be released by another thread than acquired it. The kernel serves who
/// waits in no promised order. On network file systems nothing of this is promised. <c>fcntl_locking(2)</c>, <c>flock(2)</c>.
/// </remarks>
public sealed partial class FileLock : IDisposable
{
    // What _state is besides a FileLockMode that is held.
    private const int Free = -1;
    private const int Busy = -2;
    private const int Gone = -3;

    private readonly SafeFileHandle _file;
    private readonly string? _path;
    private readonly bool _ownsFile;
    private int _state = Free;

    private FileLock(SafeFileHandle file, string? path, bool ownsFile, FileLockOptions options)
    {
        _file = file;
        _path = path;
        _ownsFile = ownsFile;
        Kind = options.Kind;
        Range = options.Range;
    }

    /// <summary>The flavour.</summary>
    public FileLockKind Kind { get; }

    /// <summary>The bytes that it locks.</summary>
    public FileLockRange Range { get; }

    /// <summary>The file that is locked.</summary>
    public SafeFileHandle Handle => _file;

    /// <summary>How this object holds the lock now; null when it does not.</summary>
    public FileLockMode? Mode => Volatile.Read(ref _state) is >= 0 and int mode ? (FileLockMode)mode : null;

    /// <summary>A lock, not yet acquired, on a file that is open. The descriptor stays the caller's, who must keep it open.</summary>
    /// <param name="file">
    /// The file. Locks of the flavours Ofd and Flock belong to its open file description: duplicates of the descriptor are
    /// the same holder.
    /// </param>
    /// <param name="options">The flavour and the range.</param>
    /// <remarks>
    /// <see cref="FileStream"/> and <see cref="File.OpenHandle"/> take a <c>flock(2)</c> lock themselves (shared, or
    /// exclusive for <see cref="FileShare.None"/>): on their handles, <see cref="FileLockKind.Flock"/> would change and then
    /// drop that one. Take another flavour there, or <see cref="Open"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">A range for the flavour Flock.</exception>
    public static FileLock On(SafeFileHandle file, FileLockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new FileLock(file, null, false, Validated(options));
    }

    /// <summary>Opens an existing file to be locked; the lock is not yet acquired. Disposing it closes the file.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: no permission; <c>EPERM</c>: another user owns it.</exception>
    /// <exception cref="PosixException"><c>ELOOP</c>, <c>EINVAL</c>: a symbolic link, or no regular file.</exception>
    /// <inheritdoc cref="On" path="/exception"/>
    public static FileLock Open(string path, FileLockOptions? options = null)
    {
        FileLockOptions valid = Validated(options);
        return new FileLock(LockFile.Open(path, valid), path, true, valid);
    }

    /// <summary>
    /// As <see cref="Open"/>, but makes an empty file when there is none. Nobody removes it afterwards, and nobody should:
    /// whoever has opened it already would lock the old file while others make and lock a new one.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static FileLock OpenOrCreate(string path, FileLockOptions? options = null)
    {
        FileLockOptions valid = Validated(options);
        return new FileLock(LockFile.OpenOrCreate(path, valid), path, true, valid);
    }

    /// <summary>Acquires the lock; blocks in the kernel as long as somebody else holds one that excludes it.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is held by this object already, or being acquired: <see cref="ChangeMode"/> changes it.
    /// </exception>
    /// <exception cref="PosixException">
    /// <c>EDEADLK</c>: who holds it waits, perhaps through others, for a lock of this process; only the flavour Posix finds
    /// that out. <c>EBADF</c>: the descriptor does not read (shared) or write (exclusive). <c>ENOLCK</c>: too many locks.
    /// </exception>
    public void Acquire(FileLockMode mode = FileLockMode.Exclusive) => TryTake(mode, Deadline.Never);

    /// <summary>As <see cref="Acquire"/>, but false at once when somebody else is in the way.</summary>
    /// <inheritdoc cref="Acquire"/>
    public bool TryAcquire(FileLockMode mode = FileLockMode.Exclusive) => TryTake(mode, default);

    /// <summary>As <see cref="Acquire"/>, but false when somebody else is still in the way after <paramref name="timeout"/>.</summary>
    /// <inheritdoc cref="Acquire"/>
    public bool TryAcquire(TimeSpan timeout, FileLockMode mode = FileLockMode.Exclusive) => TryTake(mode, Deadline.After(timeout));

    /// <summary>As <see cref="Acquire"/>, awaited. Cancelled means that it was not acquired.</summary>
    /// <remarks>No descriptor tells when a lock comes free: a call that must wait occupies a thread of its own, not of the pool.</remarks>
    /// <inheritdoc cref="Acquire"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public async ValueTask AcquireAsync(FileLockMode mode = FileLockMode.Exclusive, CancellationToken cancellationToken = default)
    {
        FileLockCall call = Begin(Free, mode);
        int end = Free;
        try
        {
            await BlockingCall.RunAsync<FileLockCall, bool>(call, cancellationToken).ConfigureAwait(false);
            end = (int)mode;
        }
        finally
        {
            End(call, end);
        }
    }

    /// <summary>
    /// Gives the lock up. Where the range overlaps that of another lock of the same holder, the common bytes are given up
    /// too: the kernel knows bytes, not objects.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not held.</exception>
    public void Release()
    {
        FileLockMode mode = Mode ?? throw NotHeld();
        FileLockCall call = Begin((int)mode, mode);
        int end = (int)mode;
        try
        {
            if (call.Unlock() < 0)
            {
                throw call.Failure(Errno.Last);
            }
            end = Free;
        }
        finally
        {
            End(call, end);
        }
    }

    /// <summary><see cref="Acquire"/>, and <see cref="Release"/> at the end of a <c>using</c>.</summary>
    /// <inheritdoc cref="Acquire"/>
    public FileLockScope Enter(FileLockMode mode = FileLockMode.Exclusive)
    {
        Acquire(mode);
        return new FileLockScope(this);
    }

    /// <summary><see cref="AcquireAsync"/>, and <see cref="Release"/> at the end of a <c>using</c>.</summary>
    /// <inheritdoc cref="AcquireAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<FileLockScope> EnterAsync(FileLockMode mode = FileLockMode.Exclusive, CancellationToken cancellationToken = default)
    {
        await AcquireAsync(mode, cancellationToken).ConfigureAwait(false);
        return new FileLockScope(this);
    }

    /// <summary>
    /// Gives the lock up if it is held, and closes the file if this object has opened it. (That drops all POSIX locks of this
    /// process on the file: see <see cref="FileLockKind.Posix"/>.) A call that waits just then ends with
    /// <see cref="ObjectDisposedException"/> once it gets the lock.
    /// </summary>
    public void Dispose()
    {
        int state = Interlocked.Exchange(ref _state, Gone);
        // A file that is closed has no locks; at any other failure there is nothing left to do.
        if (state >= 0 && !_file.IsClosed)
        {
            Call((FileLockMode)state).Unlock();
        }
        if (_ownsFile)
        {
            _file.Dispose();
        }
    }

    private static FileLockOptions Validated(FileLockOptions? options)
    {
        options ??= new();
        if (!Enum.IsDefined(options.Kind))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "There is no such flavour.");
        }
        return options.Kind == FileLockKind.Flock && options.Range != FileLockRange.All
            ? throw new ArgumentException("flock locks whole files only: take another flavour for a range.", nameof(options))
            : options;
    }

    private bool TryTake(FileLockMode mode, Deadline deadline)
    {
        FileLockCall call = Begin(Free, mode);
        int end = Free;
        try
        {
            if (BlockingCall.TryRun<FileLockCall, bool>(call, deadline, out _))
            {
                end = (int)mode;
            }
        }
        finally
        {
            End(call, end);
        }
        return end != Free;
    }

    private FileLockCall Call(FileLockMode mode) => new(_file, _path, Kind, Range, mode);

    // One call at a time: the kernel would grant a second one to the same holder.
    private FileLockCall Begin(int expected, FileLockMode mode)
    {
        if (mode is not (FileLockMode.Shared or FileLockMode.Exclusive))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There are shared and exclusive locks.");
        }
        int state = Interlocked.CompareExchange(ref _state, Busy, expected);
        ObjectDisposedException.ThrowIf(state == Gone, this);
        return state == expected
            ? Call(mode)
            : throw state switch
            {
                Busy => new InvalidOperationException("Another thread acquires, changes or releases this lock just now."),
                Free => NotHeld(),
                _ => new InvalidOperationException("This object holds the lock already: ChangeMode changes it; another holder is another FileLock."),
            };
    }

    private void End(FileLockCall call, int state)
    {
        if (Interlocked.CompareExchange(ref _state, state, Busy) == Gone)
        {
            // Disposed meanwhile. An own file was closed when the call ended, with its locks.
            if (state >= 0 && !_file.IsClosed)
            {
                call.Unlock();
            }
            throw new ObjectDisposedException(nameof(FileLock));
        }
    }

    private static InvalidOperationException NotHeld() => new("The lock is not held.");
}
