using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The one thread that waits in <c>epoll_wait(2)</c> for the whole process. It starts with the first wait, runs no user
/// code, and hands each event to its <see cref="IEventSink"/>.
/// </summary>
internal sealed class EpollThread
{
    private const int EventsPerCall = 256;

    private static EpollThread? s_instance;
    private static object? s_lock;

    private readonly SafeFileHandle _epoll = LibC.Check(LibC.epoll_create1(LibC.EPOLL_CLOEXEC));
    private readonly ConcurrentDictionary<ulong, Entry> _entries = new();
    private ulong _lastToken;

    private EpollThread()
    {
        Thread thread = new(Run) { Name = "isthmus-events", IsBackground = true };
        thread.UnsafeStart();
    }

    // Made at the first use that succeeds: no descriptor may be left at the first, and some at the next.
    public static EpollThread Instance => LazyInitializer.EnsureInitialized(ref s_instance, ref s_lock, static () => new EpollThread());

    /// <summary>Makes a place for a sink; nothing is watched until <see cref="TryWatch"/>.</summary>
    public Entry Add(IEventSink sink)
    {
        Entry entry = new(Interlocked.Increment(ref _lastToken), sink);
        _entries[entry.Token] = entry;
        return entry;
    }

    public void Remove(Entry entry) => _entries.TryRemove(entry.Token, out _);

    /// <summary>Watches (edge-triggered) for <paramref name="events"/>; an event comes at once where there is reason for one.</summary>
    public bool TryWatch(Entry entry, SafeHandle handle, uint events, bool first)
    {
        int operation = first ? LibC.EPOLL_CTL_ADD : LibC.EPOLL_CTL_MOD;
        if (LibC.epoll_ctl(_epoll, operation, handle, events | LibC.EPOLLET, entry.Token) == 0)
        {
            return true;
        }
        return Errno.Last == Errno.EPERM ? false : throw PosixException.From(Errno.Last, "epoll_ctl");
    }

    // A descriptor that shares its open file description (with a child, say) stays in the set after close; so it is taken out.
    public void Unwatch(SafeHandle handle)
    {
        try
        {
            _ = LibC.epoll_ctl(_epoll, LibC.EPOLL_CTL_DEL, handle, 0, 0);
        }
        catch (ObjectDisposedException)
        {
            // Its user has closed it, maybe just now.
        }
    }

    private unsafe void Run()
    {
        int size = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? sizeof(LibC.Arm64.epoll_event) : sizeof(LibC.X64.epoll_event);
        int dataOffset = size - sizeof(ulong);
        byte* events = stackalloc byte[EventsPerCall * size];
        while (true)
        {
            int count = LibC.epoll_wait(_epoll, events, EventsPerCall, -1);
            for (byte* next = events; next < events + (count * size); next += size)
            {
                Dispatch(*(ulong*)(next + dataOffset), *(uint*)next);
            }
        }
    }

    private void Dispatch(ulong token, uint events)
    {
        // An event that was already fetched when its watch ended finds nobody: tokens are never used again.
        if (_entries.TryGetValue(token, out Entry? entry))
        {
            entry.Target?.OnEvents(events);
        }
    }

    /// <summary>
    /// How the loop reaches a sink: weakly, so that an object that nobody disposes can be collected, and
    /// strongly while somebody waits, because then the loop alone may keep the waiting code alive.
    /// </summary>
    internal sealed class Entry(ulong token, IEventSink sink)
    {
        private readonly WeakReference<IEventSink> _weak = new(sink);

        public ulong Token { get; } = token;

        public IEventSink? Waiting { get; set; }

        public IEventSink? Target => Waiting ?? (_weak.TryGetTarget(out IEventSink? sink) ? sink : null);
    }
}
