using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>How a participant waits, and how it learns that another is gone.</summary>
internal sealed partial class Segment
{
    // Rounds of some 40 ns each; a futex round trip is about 300 of them.
    private const int SpinMax = 200, SpinMore = 4, SpinLess = 8;

    // Where spinning has not paid, it is tried again once in so many sleeps, with so many rounds.
    private const int SpinRetry = 256, SpinRetryRounds = 32;

    // Two who talk by a channel wake each other. When both sleep, neither would ever find the other awake again, if it did not look for longer
    // than it takes the other to wake up and answer: 16 to 40 us on a virtual machine.
    private const int ChannelPatience = 6;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private readonly Lock _watchLock = new();
    private ulong _watchedVersion;

    // As it stands in the roster.
    private Guid _ownBell;
    private int _spinLimit;
    private readonly SleepingWords _sleepers = new();

    // Not counted exactly: threads may meet.
    private uint _sleeps;

    /// <summary>Those who wait asynchronously.</summary>
    public SegmentWaiters Waiters { get; }

    /// <summary>The words that the algorithms run on.</summary>
    public SegmentMemory Memory { get; }

    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ThrowIfDisposed()
    {
        if (IsDisposed)
        {
            ThrowDisposed();
        }
    }

    /// <summary>Whether more take part than there are CPUs: then nobody looks again before it sleeps.</summary>
    public bool IsCrowded { get; set; }

    /// <summary>Whether to look once more before sleeping: as long as that has paid of late.</summary>
    public bool Spin(ref int round)
    {
        if (round >= _spinLimit || IsCrowded)
        {
            return false;
        }
        if (round++ == 0)
        {
            _spinLimit = Math.Min(_spinLimit + (SpinMore * _patience), SpinMax * _patience);
        }
        Thread.SpinWait(1);
        return true;
    }

    /// <summary>Sleeps while a word is as it was seen; false when the deadline has passed.</summary>
    public bool Sleep(Progress wait, Deadline deadline)
    {
        LearnFromSleep();
        WatchPeers();
        _sleepers.Add(wait.Word);
        Roster.CountWaiters(Slot, 1);
        try
        {
            // After it was counted: who disposes first says so, then wakes until nobody is left.
            ThrowIfDisposed();
            // Somebody who changes the word all the time keeps nobody here beyond his time.
            return Memory.Sleep(wait.Word, wait.Expected, deadline) && !deadline.HasPassed;
        }
        finally
        {
            Roster.CountWaiters(Slot, -1);
            _sleepers.Remove(wait.Word);
        }
    }

    /// <summary>
    /// Before anybody sleeps: makes sure that the end of every other participant will be told, and recovers those who are gone already. It costs
    /// one load when nobody
    /// has come since.
    /// </summary>
    public void WatchPeers()
    {
        ulong version = Roster.Version;
        if (version == Volatile.Read(ref _watchedVersion))
        {
            return;
        }
        DeathWatch.Start();
        lock (_watchLock)
        {
            for (int slot = 0; slot < SlotsInUse; slot++)
            {
                if (slot != Slot && Roster.TryRead(slot, out Participant other))
                {
                    Watch(other);
                }
            }
            _watchedVersion = version;
        }
    }

    /// <summary>The doorbell of a process has lost its reader.</summary>
    public void OnHangUp(Guid bell)
    {
        for (int slot = 0; slot < SlotsInUse; slot++)
        {
            if (slot != Slot && Roster.TryRead(slot, out Participant other) && other.Bell == bell)
            {
                RecoverOrSuspect(other);
            }
        }
    }

    /// <summary>
    /// Whether nothing is left to find out about an occupant of a slot: it is gone, and is recovered, or its doorbell will tell.
    /// </summary>
    public bool IsSettled(int slot, uint generation) =>
        Roster.Generation(slot) != generation || Roster.IsVacant(slot) || Recover(slot)
        || (_ownBell != Guid.Empty && Roster.TryRead(slot, out Participant other) && PeerBells.Watch(other.Bell) == BellState.Open);

    /// <summary>While somebody waits, or else when asked to: asks for each participant whether it lives, and looks at all words.</summary>
    public void LookForTheDead(bool always = false)
    {
        if (!always && _sleepers.Count == 0 && !Waiters.HasAny)
        {
            return;
        }
        WatchPeers();
        for (int slot = 0; slot < SlotsInUse; slot++)
        {
            if (slot != Slot && !Roster.IsVacant(slot))
            {
                Recover(slot);
            }
        }
        Waiters.StepAll();
    }

    private void LearnFromSleep()
    {
        _spinLimit = Math.Max(_spinLimit - (SpinLess * _patience), 0);
        if (++_sleeps % SpinRetry == 0 && s_canSpin)
        {
            _spinLimit = Math.Max(_spinLimit, SpinRetryRounds * _patience);
        }
    }

    // Those who wait must watch us too, who may die with a wake that they need.
    private void TellPeers()
    {
        for (int slot = 0; slot < SlotsInUse; slot++)
        {
            if (slot != Slot && Roster.TryRead(slot, out Participant other) && other.Bell != _ownBell)
            {
                PeerBells.Send(other.Bell, new BellRing(Id, BellRing.RosterChanged));
            }
        }
    }

    private void Watch(Participant other)
    {
        // Our own process's other attachments recover themselves when they are disposed.
        if (other.Bell != Guid.Empty && other.Bell == _ownBell)
        {
            return;
        }
        BellState state = PeerBells.Watch(other.Bell);
        // Without a bell of our own nobody rings us, whomever we hear.
        if (state == BellState.Open && _ownBell != Guid.Empty)
        {
            return;
        }
        if (state == BellState.Gone)
        {
            RecoverOrSuspect(other);
        }
        else
        {
            DeathWatch.Instance.Suspect(new Suspect(_self, other.Slot, other.Generation));
        }
    }

    private void RecoverOrSuspect(Participant other)
    {
        Suspect suspect = new(_self, other.Slot, other.Generation);
        if (!suspect.IsSettled())
        {
            DeathWatch.Instance.Suspect(suspect);
        }
    }

    // Before the mapping goes: whoever sleeps must have left its words.
    private unsafe void WakeSleepers()
    {
        SpinWait spin = default;
        while (_sleepers.Count > 0)
        {
            foreach (int word in _sleepers.ToArray())
            {
                Futex.Wake((uint*)((ulong*)State + word), int.MaxValue);
            }
            spin.SpinOnce();
        }
    }

    private void ThrowDisposed() => throw new ObjectDisposedException(ToString());
}
