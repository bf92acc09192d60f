using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Holds a child between its creation and its program, for what must be done to its pid before the program runs; and lets a
/// child that is held when this process dies end without having run.
/// </summary>
/// <remarks>
/// posix_spawn lets the child only open, copy and close, so all is made of opens. The child (1) opens and closes a FIFO that we
/// read, the bell: our poll sees the hang-up, so we know it is there; (2) opens a file that we hold a lease on, the door: it sleeps until we give
/// the lease up, or until the kernel does because we are dead (<c>F_SETLEASE</c>, <c>fcntl(2)</c>); (3) opens another FIFO without
/// blocking, the pass, which we open for reading only when we let the child go: without a reader it fails with ENXIO, and the child exits.
/// One FIFO for both would not do: at our death the kernel may drop the lease before it closes the bell's reader.
/// The child must hold neither the lease nor a read end itself, so it closes its copies first.
/// The kernel breaks a lease by itself after <c>/proc/sys/fs/lease-break-time</c> (45 s): a child held that long does not run, and its start fails.
/// </remarks>
internal sealed class SpawnGate : IDisposable
{
    // One child is held at a time. It has copies of all our descriptors, so of another gate's lease and bell too: two children, each
    // keeping the other's gate shut, would outlive us until the kernel breaks the leases, and then run.
    private static readonly Lock s_one = new();

    // Kept for the life of the process, because a FIFO needs a name while it is made, which stays behind when we are killed just then.
    private static SafeFileHandle? s_bell;
    private static SafeFileHandle? s_pass;

    private readonly SafeFileHandle _bell;
    private readonly SafeFileHandle _pass;
    private readonly SafeFileHandle _bellReader = null!;
    private readonly SafeFileHandle _noChild = null!;
    private readonly SafeFileHandle _door = null!;
    private readonly SafeFileHandle _lease = null!;
    private SafeFileHandle? _passReader;

    // Takes all descriptors that it will need but for the pass, whose opening may fail: whoever waits for the child must not hang.
    private SpawnGate()
    {
        _bell = s_bell ??= CreateFifo();
        _pass = s_pass ??= CreateFifo();
        try
        {
            _bellReader = Reopen(_bell, LibC.O_RDONLY | LibC.O_NONBLOCK);
            _noChild = LibC.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC));
            using SafeFileHandle file = LibC.Check(LibC.memfd_create("isthmus-gate", LibC.MFD_CLOEXEC));
            // A path descriptor opens nothing, so it neither breaks the lease nor stands in its way.
            _door = Reopen(file, LibC.O_PATH);
            _lease = Reopen(file, LibC.O_RDONLY);
            file.Dispose();
            TakeLease();
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>A gate for one child; waits while another child of this process stands at one. Dispose on the same thread.</summary>
    public static SpawnGate Enter()
    {
        s_one.Enter();
        try
        {
            return new SpawnGate();
        }
        catch
        {
            s_one.Exit();
            throw;
        }
    }

    /// <summary>The child's part; to be called before any other action, while all numbers still mean what they mean here.</summary>
    /// <param name="actions">The actions.</param>
    /// <param name="end">The child gets none from this number on, so that the gate may use what it does not need for making the others.</param>
    /// <param name="needed">What it needs for that.</param>
    public void AddActions(ref SpawnActions actions, int end, IEnumerable<int> needed)
    {
        // The lowest: a limit may hold already when the door opens, and a higher number would be refused.
        HashSet<int> taken = [.. needed, Number(_bell), Number(_door), Number(_pass)];
        int bell = NextFree(end), door = NextFree(bell + 1);
        actions.Close(Number(_lease));
        actions.Close(Number(_bellReader));
        actions.Open(bell, PathOf(_bell), LibC.O_WRONLY | LibC.O_NONBLOCK);
        actions.Close(bell);
        actions.Open(door, PathOf(_door), LibC.O_RDONLY);
        actions.Open(bell, PathOf(_pass), LibC.O_WRONLY | LibC.O_NONBLOCK);
        actions.Close(bell);
        actions.Close(door);

        int NextFree(int number)
        {
            while (taken.Contains(number))
            {
                number++;
            }
            return number;
        }
    }

    /// <summary>Tells <see cref="WaitForRing"/> that no child will come (any more). Cannot fail.</summary>
    public unsafe void Ring()
    {
        ulong one = 1;
        _ = LibC.write(_noChild, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Waits until the child stands at the gate, or until it is known that none will.</summary>
    public void WaitForRing() => Poll.WaitEither(_bellReader, _noChild);

    /// <summary>Lets the child go on: first the pass, then the door.</summary>
    public void Open()
    {
        _passReader = Reopen(_pass, LibC.O_RDONLY | LibC.O_NONBLOCK);
        LibC.Check(LibC.fcntl(_lease, LibC.F_SETLEASE, LibC.F_UNLCK));
    }

    /// <summary>Lets the child end without having run: it finds the door open and no pass. Cannot fail.</summary>
    public void TurnAway()
    {
        _passReader?.Dispose();
        _lease.Dispose();
    }

    public void Dispose()
    {
        Close();
        s_one.Exit();
    }

    // Where the constructor failed, what it had not come to is null.
    private void Close()
    {
        _lease?.Dispose();
        _door?.Dispose();
        _noChild?.Dispose();
        _bellReader?.Dispose();
        _passReader?.Dispose();
    }

    // It has a name only for a moment: nobody else can open it, except by descriptor.
    private static SafeFileHandle CreateFifo()
    {
        string path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"isthmus-gate-{Environment.ProcessId}-{Guid.NewGuid():N}");
        LibC.Check(LibC.mkfifo(path, LibC.S_IRUSR | LibC.S_IWUSR), path);
        SafeFileHandle bell;
        try
        {
            bell = OpenAt(path, LibC.O_PATH | LibC.O_NOFOLLOW);
        }
        finally
        {
            _ = LibC.unlink(path);
        }
        // Now that it has no name: a child may already run as another user.
        LibC.Check(LibC.chmod(PathOf(bell), LibC.DEFFILEMODE));
        return bell;
    }

    private void TakeLease()
    {
        if (LibC.fcntl(_lease, LibC.F_SETLEASE, LibC.F_WRLCK) < 0)
        {
            throw PosixException.From(
                Errno.Last, "fcntl(F_SETLEASE)", null, "Limits and DiesWithParent hold the child by a file lease, which this kernel refuses.");
        }
        // Otherwise the kernel tells us by SIGIO that the child wants in, and SIGIO's default is to end the process.
        LibC.Check(LibC.fcntl(_lease, LibC.F_SETOWN, 0));
    }

    private static SafeFileHandle Reopen(SafeFileHandle handle, int flags) => OpenAt(PathOf(handle), flags);

    private static SafeFileHandle OpenAt(string path, int flags) => LibC.Check(LibC.open(path, flags | LibC.O_CLOEXEC), path);

    private static string PathOf(SafeFileHandle handle) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{Number(handle)}");

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
