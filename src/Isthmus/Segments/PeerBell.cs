using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Another process's doorbell, open to ring it; its hang-up is the notice of that process's end.</summary>
internal sealed class PeerBell : IEventSink
{
    private readonly SafeFileHandle _fifo;
    private readonly EpollThread.Entry _entry;

    public PeerBell(Guid name, SafeFileHandle fifo)
    {
        Name = name;
        _fifo = fifo;
        _entry = EpollThread.Instance.Add(this);
        _entry.Waiting = this;
    }

    public Guid Name { get; }

    /// <summary>
    /// From here on its hang-up is told. No events are asked for: an error (no reader any more) always comes, and at once if it is so
    /// already.
    /// </summary>
    public void Watch()
    {
        try
        {
            EpollThread.Instance.TryWatch(_entry, _fifo, 0, first: true);
        }
        catch
        {
            // Somebody may have relied on it already.
            PeerBells.OnHangUp(this);
            throw;
        }
    }

    /// <summary>Names a word to the process. A full bell says enough: its owner will look at everything.</summary>
    public unsafe void Send(BellRing ring)
    {
        try
        {
            while (LibC.write(_fifo, (byte*)&ring, (nuint)sizeof(BellRing)) < 0 && Errno.Last == Errno.EINTR)
            {
            }
        }
        catch (ObjectDisposedException)
        {
            // It has just hung up.
        }
    }

    /// <inheritdoc/>
    public void OnEvents(uint events)
    {
        if ((events & (LibC.EPOLLERR | LibC.EPOLLHUP)) != 0)
        {
            PeerBells.OnHangUp(this);
        }
    }

    public void Close()
    {
        EpollThread.Instance.Unwatch(_fifo);
        EpollThread.Instance.Remove(_entry);
        _fifo.Dispose();
    }
}
