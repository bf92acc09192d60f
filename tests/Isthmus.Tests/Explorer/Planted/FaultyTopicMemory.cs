namespace Isthmus.Tests.Explorer;

/// <summary>The seam of an operation on a topic that does one thing differently.</summary>
internal readonly struct FaultyTopicMemory<TMemory>(TMemory memory, TopicFault fault, TopicLayout layout, bool isRecovery) : ISharedMemory
    where TMemory : struct, ISharedMemory
{
    private readonly TMemory _memory = memory;

    public int Slots => _memory.Slots;

    public ulong Load(int word)
    {
        ulong value = _memory.Load(word);
        return fault switch
        {
            TopicFault.IgnoresTheClaim when word == layout.Claim(0) => 0,
            TopicFault.IgnoresPins when IsPin(word) => 0,
            TopicFault.IgnoresCursors when IsCursor(word) => value + (ulong)layout.Slots,
            TopicFault.WakesNobody when IsSignal(word) && !isRecovery => WaiterFlags.Without(value),
            _ => value,
        };
    }

    public void Store(int word, ulong value)
    {
        switch (fault)
        {
            case TopicFault.GoesOnBeforeItPins when IsPin(word) && value != 0:
                _memory.Store(word - 1, TopicPin.PositionOf(value) + 1);
                break;
            case TopicFault.GoesOnBeforeItPins when IsCursor(word) && value != 0:
                _memory.Store(word + 1, TopicPin.Of(0, value - 1));
                break;
            case TopicFault.NumbersLate when word == layout.Number(0, 0):
                break;
            default:
                _memory.Store(word, value);
                break;
        }
    }

    public bool CompareExchange(int word, ref ulong expected, ulong value)
    {
        bool isUnfenced = (fault == TopicFault.PinsUnfenced && IsPin(word)) || (fault == TopicFault.ClaimsUnfenced && word == layout.Claim(0))
            || (fault == TopicFault.RecoversByStore && isRecovery && !IsSignal(word));
        if (isUnfenced)
        {
            _memory.Store(word, value);
            return true;
        }
        return _memory.CompareExchange(word, ref expected, value);
    }

    public bool IsDead(int slot) => fault == TopicFault.RecoversWithoutProof || _memory.IsDead(slot);

    public int Wake(int word, Waiters waiters, int most) =>
        fault != TopicFault.RecoversInSilence || !isRecovery ? _memory.Wake(word, waiters, most) : 0;

    public void PublisherFence() => _memory.PublisherFence();

    public void SleeperFence()
    {
        if (fault != TopicFault.SleepsUnfenced)
        {
            _memory.SleeperFence();
        }
    }

    public bool Spin(ref int round) => _memory.Spin(ref round);

    private static bool IsSignal(int word) => word is TopicLayout.News or TopicLayout.Room;

    private bool IsPin(int word) => Enumerable.Range(0, layout.Subscribers).Any(Pinned(word));

    private bool IsCursor(int word) => Enumerable.Range(0, layout.Subscribers).Any(Pinned(word + 1));

    private Func<int, bool> Pinned(int word)
    {
        TopicLayout topic = layout;
        return seat => topic.Pin(seat, 0) == word;
    }
}
