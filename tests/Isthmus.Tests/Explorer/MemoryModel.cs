namespace Isthmus.Tests.Explorer;

/// <summary>What the threads of a world see of each other's stores. Its state is a part of the world's.</summary>
internal abstract class MemoryModel
{
    /// <summary>How many numbers its state has.</summary>
    public abstract int Size { get; }

    public static MemoryModel Create(MemoryOrder order, int words, int threads) => order switch
    {
        MemoryOrder.StoreBuffers => new StoreBufferMemory(words, threads),
        MemoryOrder.AcquireRelease => new AcquireReleaseMemory(words, threads),
        _ => new SequentialMemory(words),
    };

    public abstract void Begin(Span<ulong> state, ReadOnlySpan<ulong> words);

    /// <summary>What a word is to somebody who looks with a fence.</summary>
    public abstract ulong Latest(ReadOnlySpan<ulong> state, int word);

    /// <summary>Reads with acquire order.</summary>
    /// <param name="state">The state.</param>
    /// <param name="thread">Who.</param>
    /// <param name="word">What.</param>
    /// <param name="choose">Chooses among so many.</param>
    public abstract ulong Load(Span<ulong> state, int thread, int word, Func<int, int> choose);

    /// <summary>Writes with release order.</summary>
    public abstract void Store(Span<ulong> state, int thread, int word, ulong value);

    /// <summary>The first half of a compare-exchange, which is a full fence, and the look of the kernel before a sleep.</summary>
    public abstract ulong LoadFenced(Span<ulong> state, int thread, int word);

    /// <summary>The other half.</summary>
    public abstract void StoreFenced(Span<ulong> state, int thread, int word, ulong value);

    /// <summary>A full fence: each system call is one.</summary>
    public virtual void Fence(Span<ulong> state, int thread)
    {
    }

    /// <summary>A full fence of a thread, and then one of every other: <c>membarrier(2)</c>.</summary>
    public void FenceAll(Span<ulong> state, int thread, int threads)
    {
        Fence(state, thread);
        for (int other = 0; other < threads; other++)
        {
            if (IsRunning(state, other))
            {
                Fence(state, other);
            }
        }
        Fence(state, thread);
    }

    /// <summary>Whether a thread has begun and not ended.</summary>
    protected virtual bool IsRunning(ReadOnlySpan<ulong> state, int thread) => true;

    /// <summary>Whether a store of a thread can arrive now.</summary>
    public virtual bool CanDrain(ReadOnlySpan<ulong> state, int thread) => false;

    /// <summary>The oldest store of a thread arrives.</summary>
    /// <returns>At which word.</returns>
    public virtual int Drain(Span<ulong> state, int thread) => throw new InvalidOperationException("Stores arrive at once.");

    /// <summary>A thread begins, in the knowledge of all that was fenced.</summary>
    public virtual void Enter(Span<ulong> state, int thread)
    {
    }

    /// <summary>A thread has nothing more to do.</summary>
    public virtual void Rest(Span<ulong> state, int thread)
    {
    }

    /// <summary>A thread was killed: its stores arrive.</summary>
    public virtual void Leave(Span<ulong> state, int thread)
    {
    }
}
