namespace Isthmus.Tests.Explorer;

/// <summary>The seam with a fault in it.</summary>
internal struct FaultySeam<TMemory>(TMemory memory, SeamFault fault, ulong remembered) : ISharedMemory
    where TMemory : struct, ISharedMemory
{
    private const ulong GenerationOfReaders = ~(ulong)uint.MaxValue;
    private TMemory _memory = memory;

    /// <summary>What was seen first of a word that all share.</summary>
    public ulong Remembered { get; private set; } = remembered;

    public readonly int Slots => _memory.Slots;

    public ulong Load(int word)
    {
        bool isShared = word < StateLayout.Slot(0);
        bool isRemembered = fault == SeamFault.LooksOnce && isShared;
        if (isRemembered && Remembered != ulong.MaxValue)
        {
            return Remembered;
        }
        ulong value = _memory.Load(word);
        Remembered = isRemembered ? value : Remembered;
        return fault switch
        {
            SeamFault.OverlooksReaders when !isShared => value & ~ReaderWriterReaders.Inside,
            SeamFault.OverlooksThoseWhoWant when !isShared && ReaderWriterReaders.InsideOf(value) == 0 => value & ~ReaderWriterReaders.Wanting,
            _ => value,
        };
    }

    public readonly void Store(int word, ulong value)
    {
        if (fault != SeamFault.StoresNoZero || value != 0)
        {
            _memory.Store(word, value);
        }
    }

    public readonly bool CompareExchange(int word, ref ulong expected, ulong value)
    {
        switch (fault)
        {
            case SeamFault.WaitsUnannounced:
                return _memory.CompareExchange(word, ref expected, WaiterFlags.Without(value));
            case SeamFault.RaisesNoVersion when WaiterFlags.Without(value) == BarrierWord.Disturbed(expected):
                return true;
            case SeamFault.StoresInstead:
            case SeamFault.ClearsBlindly when (expected & ~value & ChannelSignal.Woken) != 0:
                _memory.Store(word, value);
                return true;
            case SeamFault.HasNoGeneration:
                return _memory.CompareExchange(word, ref expected, value & ~GenerationOfReaders);
            default:
                return _memory.CompareExchange(word, ref expected, value);
        }
    }

    public readonly bool IsDead(int slot) => fault == SeamFault.TrustsNoProof || _memory.IsDead(slot);

    public readonly int Wake(int word, Waiters waiters, int most) =>
        fault != SeamFault.DropsWakes ? _memory.Wake(word, waiters, most) : Math.Min(most, 1);

    public readonly void PublisherFence() => _memory.PublisherFence();

    public readonly void SleeperFence()
    {
        if (fault != SeamFault.SleepsUnfenced)
        {
            _memory.SleeperFence();
        }
    }

    public readonly bool Spin(ref int round) => _memory.Spin(ref round);
}
