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
            SafeFileHandle? fifo = BellFile.TryOpen(bell, out BellState state);
            if (fifo is not null)
            {
                PeerBell peer = new(bell, fifo);
                s_bells[bell] = peer;
                peer.Watch();
            }
            return state;
        }
    }

    /// <summary>A bell lost its reader. Called on the event loop's thread.</summary>
    public static void OnHangUp(PeerBell peer)
    {
        if (s_bells.TryRemove(peer.Name, out _))
        {
            peer.Close();
            DeathWatch.Instance.OnHangUp(peer.Name);
        }
    }
}
