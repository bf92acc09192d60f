namespace Isthmus.Tests.Explorer;

/// <summary>The seam, as one thread of a world sees it.</summary>
internal readonly struct SimulatedMemory(World world, int thread) : ISharedMemory
{
    public int Slots => world.Slots;

    public ulong Load(int word) => world.Load(thread, word);

    public void Store(int word, ulong value) => world.Store(thread, word, value);

    public bool CompareExchange(int word, ref ulong expected, ulong value) => world.CompareExchange(thread, word, ref expected, value);

    public bool IsDead(int slot) => world.IsDead(thread, slot);

    public int Wake(int word, Waiters waiters, int most) => world.Wake(thread, word, waiters, most);

    // All have registered: see SleeperFence.
    public void PublisherFence()
    {
    }

    public void SleeperFence() => world.SleeperFence(thread);

    public bool Spin(ref int round) => round++ < world.Scenario.Spins;
}
