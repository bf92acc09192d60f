namespace Isthmus.Tests.Explorer;

/// <summary>
/// x86-TSO: each thread has a queue of stores. It sees its own newest store, all others see what has arrived; whatever is a full fence empties the
/// queue first. (Nothing is lost with a killed thread: what it had stored arrives.)
/// </summary>
internal sealed class StoreBufferMemory(int words, int threads) : MemoryModel
{
    // A queue: how many there are and, a byte each, for which words; then their values. A store to a full queue pushes the oldest out.
    private const int Depth = 4;
    private const int QueueSize = 1 + Depth;

    public override int Size => words + (threads * QueueSize);

    public override void Begin(Span<ulong> state, ReadOnlySpan<ulong> words) => words.CopyTo(state);

    public override ulong Latest(ReadOnlySpan<ulong> state, int word) => state[word];

    public override ulong Load(Span<ulong> state, int thread, int word, Func<int, int> choose)
    {
        ReadOnlySpan<ulong> queue = Queue(state, thread);
        for (int index = Count(queue) - 1; index >= 0; index--)
        {
            if (WordAt(queue, index) == word)
            {
                return queue[1 + index];
            }
        }
        return state[word];
    }

    public override void Store(Span<ulong> state, int thread, int word, ulong value)
    {
        Span<ulong> queue = Queue(state, thread);
        if (Count(queue) == Depth)
        {
            Drain(state, thread);
        }
        int count = Count(queue);
        queue[1 + count] = value;
        queue[0] = (queue[0] + 1) | ((ulong)word << (8 * (count + 1)));
    }

    public override ulong LoadFenced(Span<ulong> state, int thread, int word)
    {
        Fence(state, thread);
        return state[word];
    }

    public override void StoreFenced(Span<ulong> state, int thread, int word, ulong value) => state[word] = value;

    public override void Fence(Span<ulong> state, int thread)
    {
        while (CanDrain(state, thread))
        {
            Drain(state, thread);
        }
    }

    public override bool CanDrain(ReadOnlySpan<ulong> state, int thread) => state[words + (thread * QueueSize)] != 0;

    public override int Drain(Span<ulong> state, int thread)
    {
        Span<ulong> queue = Queue(state, thread);
        int word = WordAt(queue, 0);
        state[word] = queue[1];
        int left = Count(queue) - 1;
        queue[2..].CopyTo(queue[1..]);
        queue[^1] = 0;
        queue[0] = (queue[0] >> 16 << 8) | (uint)left;
        return word;
    }

    public override void Leave(Span<ulong> state, int thread) => Fence(state, thread);

    private Span<ulong> Queue(Span<ulong> state, int thread) => state.Slice(words + (thread * QueueSize), QueueSize);

    private static int Count(ReadOnlySpan<ulong> queue) => (byte)queue[0];

    private static int WordAt(ReadOnlySpan<ulong> queue, int index) => (byte)(queue[0] >> (8 * (index + 1)));
}
