using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The process's one FIFO, by which other processes reach its asynchronous waiters, and by whose hang-up they learn of its death. It
/// is read on the event loop's thread, which steps the waiters of the word that is named.
/// </summary>
internal sealed class Doorbell : IEventSink
{
    // One page: 256 rings. When it is full, everything is looked at.
    private const int Capacity = 4096;

    private static readonly Lock s_lock = new();
    private static Doorbell? s_instance;

    private readonly SafeFileHandle _fifo;
    private readonly EpollThread.Entry _entry;

    private Doorbell(Guid name, SafeFileHandle fifo)
    {
        Name = name;
        _fifo = fifo;
        _entry = EpollThread.Instance.Add(this);
        _entry.Waiting = this;
    }

    /// <summary>This process's; null where none can be made (no room, no directory of its own), and then somebody looks every 25 ms.</summary>
    public static Doorbell? Instance
    {
        get
        {
            if (Volatile.Read(ref s_instance) is { } made)
            {
                return made;
            }
            lock (s_lock)
            {
                // Tried again after a failure: there may have been no descriptor left.
                return s_instance ??= TryMake();
            }
        }
    }

    /// <summary>The random part of the FIFO's name; it stands in the roster.</summary>
    public Guid Name { get; }

    /// <inheritdoc/>
    public unsafe void OnEvents(uint events)
    {
        BellRing* rings = stackalloc BellRing[Capacity / sizeof(BellRing)];
        int total = 0;
        while (true)
        {
            nint length = LibC.read(_fifo, (byte*)rings, Capacity);
            if (length <= 0)
            {
                break;
            }
            total += (int)length;
            foreach (BellRing ring in new ReadOnlySpan<BellRing>(rings, (int)length / sizeof(BellRing)))
            {
                Attachments.OnRing(ring);
            }
        }
        if (total >= Capacity)
        {
            // It was full, and a ring that found no room said nothing.
            Attachments.LookAtEverything();
        }
    }

    private static Doorbell? TryMake()
    {
        try
        {
            return Make();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Doorbell Make()
    {
        string directory = SegmentDirectory.EnsureDefault();
        BellFile.RemoveStale(directory);
        while (true)
        {
            Guid name = Guid.NewGuid();
            if (BellFile.TryCreate(directory, name) is { } fifo)
            {
                return Start(BellFile.PathOf(directory, name), name, fifo);
            }
        }
    }

    private static Doorbell Start(string path, Guid name, SafeFileHandle fifo)
    {
        Doorbell bell = new(name, fifo);
        try
        {
            _ = LibC.fcntl(fifo, LibC.F_SETPIPE_SZ, Capacity);
            EpollThread.Instance.TryWatch(bell._entry, fifo, LibC.EPOLLIN, first: true);
        }
        catch
        {
            EpollThread.Instance.Remove(bell._entry);
            _ = LibC.unlink(path);
            fifo.Dispose();
            throw;
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => LibC.unlink(path);
        return bell;
    }
}
