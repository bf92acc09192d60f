using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Holds a child between its creation and its program, for what must be done to its pid before the program runs; and lets a
/// child that is held when this process dies end without having run.
/// </summary>
/// <remarks>
/// posix_spawn lets the child only open, copy and close, so all is made of opens. The child (1) opens and closes a
/// FIFO that we
/// read: our poll sees the hang-up, so we know it is there; (2) opens a file that we hold a lease on: it sleeps until
/// we give the
/// lease up, or until the kernel does because we are dead (<c>F_SETLEASE</c>, <c>fcntl(2)</c>); (3) opens the
/// FIFO again without blocking, which fails with ENXIO when nobody reads it any more: then we are dead, and the child exits.
/// The child must hold neither the lease nor the FIFO's read end itself, so it closes its copies first.
/// The kernel breaks a lease by itself after <c>/proc/sys/fs/lease-break-time</c> (45 s): a child held that long runs.
/// </remarks>
internal sealed class SpawnGate : IDisposable
{
    private readonly SafeFileHandle _bell;
    private readonly SafeFileHandle _bellReader;
    private readonly SafeFileHandle _door;
    private readonly SafeFileHandle _lease;

    public SpawnGate()
    {
        _bell = CreateFifo();
        // Now that it has no name: the child may already run as another user.
        LibC.Check(LibC.chmod(PathOf(_bell), 0x1B6));
        _bellReader = Reopen(_bell, LibC.O_RDONLY | LibC.O_NONBLOCK);
        using SafeFileHandle file = LibC.Check(LibC.memfd_create("isthmus-gate", LibC.MFD_CLOEXEC));
        // A path descriptor opens nothing, so it neither breaks the lease nor stands in its way.
        _door = Reopen(file, LibC.O_PATH);
        _lease = Reopen(file, LibC.O_RDONLY);
        file.Dispose();
        TakeLease();
    }

    /// <summary>The child's part; to be called before any other action, while all numbers still mean what they mean
    /// here.</summary>
    public void AddActions(ref SpawnActions actions)
    {
        int reader = Number(_bellReader), lease = Number(_lease);
        actions.Close(lease);
        actions.Open(reader, PathOf(_bell), LibC.O_WRONLY | LibC.O_NONBLOCK);
        actions.Close(reader);
        actions.Open(lease, PathOf(_door), LibC.O_RDONLY);
        actions.Open(reader, PathOf(_bell), LibC.O_WRONLY | LibC.O_NONBLOCK);
        actions.Close(reader);
        actions.Close(lease);
    }

    /// <summary>Tells <see cref="WaitForRing"/> that no child will come (any more).</summary>
    public void Ring() => Reopen(_bell, LibC.O_WRONLY | LibC.O_NONBLOCK).Dispose();

    /// <summary>Waits until the child stands at the gate, or until it is known that none will.</summary>
    public void WaitForRing() => Poll.Wait(_bellReader, LibC.POLLIN, Deadline.Never);

    /// <summary>Lets the child go on.</summary>
    public void Open() => LibC.Check(LibC.fcntl(_lease, LibC.F_SETLEASE, LibC.F_UNLCK));

    public void Dispose()
    {
        _lease.Dispose();
        _door.Dispose();
        _bellReader.Dispose();
        _bell.Dispose();
    }

    // It has a name only for a moment: nobody else can open it, except by descriptor.
    private static SafeFileHandle CreateFifo()
    {
        string path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"isthmus-gate-{Guid.NewGuid():N}");
        LibC.Check(LibC.mkfifo(path, 0x180), path);
        try
        {
            return OpenAt(path, LibC.O_PATH | LibC.O_NOFOLLOW);
        }
        finally
        {
            _ = LibC.unlink(path);
        }
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
