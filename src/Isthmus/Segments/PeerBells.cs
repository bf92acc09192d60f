using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The doorbells of other processes that this one has open: one for each process, however many segments they share.</summary>
internal static class PeerBells
{
    private static readonly ConcurrentDictionary<Guid, PeerBell> s_bells = new();

    /// <summary>Rings at a process, if that can be.</summary>
    public static void Send(Guid bell, BellRing ring)
    {
        if (Watch(bell) == BellState.Open && s_bells.TryGetValue(bell, out PeerBell? peer))
        {
            peer.Send(ring);
        }
    }

    /// <summary>Opens a bell that is not open yet. From then on its hang-up is followed by a look at all who had it.</summary>
    public static BellState Watch(Guid bell)
    {
        if (s_bells.ContainsKey(bell))
        {
            return BellState.Open;
        }
        if (bell == Guid.Empty)
        {
            return BellState.Unreachable;
        }
        lock (s_bells)
        {
            if (s_bells.ContainsKey(bell))
            {
                return BellState.Open;
            }
            try
            {
                return Open(bell);
            }
            catch (IOException)
            {
                // No descriptor or no watch is left: then it is as if it could not be seen, and is tried again.
                return BellState.Unreachable;
            }
        }
    }

    /// <summary>A bell lost its reader. Called on the event loop's thread.</summary>
    public static void OnHangUp(PeerBell peer)
    {
        if (Forget(peer))
        {
            DeathWatch.Instance.OnHangUp(peer.Name);
        }
    }

    /// <summary>Closes a bell; false when that was done before.</summary>
    public static bool Forget(PeerBell peer)
    {
        bool isKnown = s_bells.TryRemove(peer.Name, out _);
        if (isKnown)
        {
            peer.Close();
        }
        return isKnown;
    }

    private static BellState Open(Guid bell)
    {
        SafeFileHandle? fifo = BellFile.TryOpen(bell, out BellState state);
        if (fifo is not null)
        {
            PeerBell peer = new(bell, fifo);
            // Before it is watched: its hang-up may come at once.
            s_bells[bell] = peer;
            peer.Watch();
        }
        return state;
    }
}
