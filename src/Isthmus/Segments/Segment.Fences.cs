using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>Who fences: see <see cref="FenceWord"/>.</summary>
internal sealed partial class Segment
{
    // A fence for all costs as much as some fifty of others: so neither of the two is made in vain much more often than that.
    private const int AskAfter = 8, GiveUpAfter = 256;

    // Not counted exactly: threads may meet. Fences for all since one has asked; fences of publishers since somebody woke or slept.
    private int _globalFences;
    private int _vainFences;

    /// <summary><see cref="ISharedMemory.PublisherFence"/>, where it is asked for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FenceAsPublisher()
    {
        Interlocked.MemoryBarrier();
        if (++_vainFences >= GiveUpAfter)
        {
            _vainFences = 0;
            ulong word = Roster.PublisherFences;
            if (word != FenceWord.ForEver)
            {
                Roster.TryChangePublisherFences(word, FenceWord.GiveUp(word));
            }
        }
    }

    /// <summary><see cref="ISharedMemory.SleeperFence"/>.</summary>
    public void FenceAsSleeper()
    {
        FenceWasNeeded();
        // Between the flag and the look.
        Interlocked.MemoryBarrier();
        ulong word = Roster.PublisherFences;
        if (FenceWord.IsInForce(word))
        {
            return;
        }
        GlobalFence.Run();
        if (FenceWord.IsAsked(word))
        {
            Roster.TryChangePublisherFences(word, FenceWord.Confirm(word));
        }
        else if (FenceWord.IsNoneAsked(word) && ++_globalFences >= AskAfter)
        {
            _globalFences = 0;
            Roster.TryChangePublisherFences(word, FenceWord.Ask(word));
        }
    }

    /// <summary>Somebody sleeps, or did.</summary>
    public void FenceWasNeeded()
    {
        if (_vainFences > 0)
        {
            _vainFences = 0;
        }
    }
}
