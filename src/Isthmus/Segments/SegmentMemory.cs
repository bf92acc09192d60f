using Isthmus.Native;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>The words of a mapped segment: what the algorithms run on outside the tests.</summary>
internal readonly unsafe struct SegmentMemory : ISharedMemory
{
    private readonly Segment _segment;
    private readonly ulong* _words;
    private readonly Roster _roster;
    private readonly DeathProof? _proof;

    /// <param name="segment">Whom to ask for the dead.</param>
    /// <param name="file">Where the segment is mapped.</param>
    public SegmentMemory(Segment segment, byte* file)
    {
        _segment = segment;
        _words = (ulong*)(file + SegmentLayout.State(segment.Capacity));
        _roster = new Roster(file, segment.Capacity);
    }

    private SegmentMemory(SegmentMemory other, DeathProof proof)
    {
        _segment = other._segment;
        _words = other._words;
        _roster = other._roster;
        _proof = proof;
    }

    /// <summary>Whose words these are.</summary>
    public Segment Segment => _segment;

    /// <summary>What the segment was made with.</summary>
    public ulong Config(int index) => _segment.Config(index);

    /// <inheritdoc/>
    public int Slots => _roster.SlotsInUse;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Load(int word) => Volatile.Read(ref *At(word));

    /// <inheritdoc/>
    public void Store(int word, ulong value) => Volatile.Write(ref *At(word), value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CompareExchange(int word, ref ulong expected, ulong value)
    {
        ulong found = Interlocked.CompareExchange(ref *At(word), value, expected);
        if (found == expected)
        {
            return true;
        }
        expected = found;
        return false;
    }

    /// <inheritdoc/>
    public bool IsDead(int slot)
    {
        bool isDead = _segment.IsDead(slot);
        if (!isDead && _proof is not null)
        {
            _proof.WasRefuted = true;
        }
        return isDead;
    }

    /// <summary>The same memory, for a recovery that wants to know what came of its questions.</summary>
    public SegmentMemory With(DeathProof proof) => new(this, proof);

    /// <inheritdoc/>
    public int Wake(int word, Waiters waiters, int most)
    {
        _segment.FenceWasNeeded();
        int woken = (waiters & Waiters.Sleepers) != 0 ? Futex.Wake((uint*)At(word), most) : 0;
        if ((waiters & Waiters.Bells) != 0)
        {
            Ring(word);
        }
        return woken;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PublisherFence()
    {
        if (_roster.NeedsPublisherFences)
        {
            _segment.FenceAsPublisher();
        }
    }

    /// <inheritdoc/>
    public void SleeperFence() => _segment.FenceAsSleeper();

    /// <inheritdoc/>
    public bool Spin(ref int round) => _segment.Spin(ref round);

    /// <summary>Whether a word's low half is still what a waiter saw.</summary>
    public bool Holds(int word, uint expected) => Volatile.Read(ref *(uint*)At(word)) == expected;

    /// <summary>Sleeps while a word's low half is <paramref name="expected"/>; false when the deadline has passed.</summary>
    public bool Sleep(int word, uint expected, Deadline deadline) => Futex.Wait((uint*)At(word), expected, deadline);

    private void Ring(int word)
    {
        for (int slot = 0; slot < Slots; slot++)
        {
            if (_roster.HasWait(slot, word) && _roster.TryRead(slot, out Participant waiting))
            {
                PeerBells.Send(waiting.Bell, new BellRing(_segment.Id, word));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong* At(int word)
    {
        Debug.Assert((uint)word < (uint)_segment.Words, "Slots are checked before words are made of them.");
        return _words + word;
    }
}
