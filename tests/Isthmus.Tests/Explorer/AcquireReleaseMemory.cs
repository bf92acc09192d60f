namespace Isthmus.Tests.Explorer;

/// <summary>
/// Release and acquire by views (the machine of Kang and others, "A promising semantics for relaxed-memory concurrency", without promises). A word is the
/// list of the values that it had. A view says for each word from which value on somebody may read. A load chooses any value that the thread's view
/// allows and takes over the view that was stored with it; a store is seen with the view of its thread; a full fence takes over, and
/// adds to, the view that all fences share. Compare-exchanges and the kernel see the last value.
/// </summary>
/// <remarks>What no thread can read any more is taken out, and what remains is counted from there: equal states are equal numbers.</remarks>
internal sealed class AcquireReleaseMemory : MemoryModel
{
    // A view is one number, three bits for each word. A list that is full loses its oldest value even if somebody could have read it.
    private const int Depth = 6;
    private const int BitsOfWord = 3;
    private const int WordsMax = 21;
    private const int Fences = 0;
    private const ulong Resting = ulong.MaxValue;

    // A list: how many values, then each with its view.
    private const int ListSize = 1 + (2 * Depth);

    private readonly int _words;
    private readonly int _threads;

    public AcquireReleaseMemory(int words, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(words, WordsMax);
        _words = words;
        _threads = threads;
    }

    public override int Size => 1 + _threads + (_words * ListSize);

    public override void Begin(Span<ulong> state, ReadOnlySpan<ulong> words)
    {
        state.Slice(1, _threads).Fill(Resting);
        for (int word = 0; word < words.Length; word++)
        {
            List(state, word)[0] = 1;
            List(state, word)[1] = words[word];
        }
    }

    public override ulong Latest(ReadOnlySpan<ulong> state, int word)
    {
        ReadOnlySpan<ulong> list = state.Slice(ListAt(word), ListSize);
        return list[ValueAt((int)list[0] - 1)];
    }

    public override ulong Load(Span<ulong> state, int thread, int word, Func<int, int> choose)
    {
        int count = (int)List(state, word)[0];
        int oldest = Get(View(state, thread), word);
        int stale = count - oldest > 1 ? choose(count - oldest) : 0;
        ulong value = Read(state, thread, word, count - 1 - stale);
        Trim(state);
        return value;
    }

    public override void Store(Span<ulong> state, int thread, int word, ulong value)
    {
        Append(state, thread, word, value);
        Trim(state);
    }

    public override ulong LoadFenced(Span<ulong> state, int thread, int word)
    {
        View(state, thread) = Join(View(state, thread), state[Fences]);
        ulong value = Read(state, thread, word, (int)List(state, word)[0] - 1);
        state[Fences] = Join(View(state, thread), state[Fences]);
        Trim(state);
        return value;
    }

    public override void StoreFenced(Span<ulong> state, int thread, int word, ulong value)
    {
        Append(state, thread, word, value);
        state[Fences] = Join(View(state, thread), state[Fences]);
        Trim(state);
    }

    public override void Fence(Span<ulong> state, int thread)
    {
        ulong joined = Join(View(state, thread), state[Fences]);
        View(state, thread) = joined;
        state[Fences] = joined;
        Trim(state);
    }

    protected override bool IsRunning(ReadOnlySpan<ulong> state, int thread) => state[1 + thread] != Resting;

    public override void Enter(Span<ulong> state, int thread) => View(state, thread) = state[Fences];

    public override void Rest(Span<ulong> state, int thread) => Leave(state, thread);

    public override void Leave(Span<ulong> state, int thread)
    {
        if (View(state, thread) != Resting)
        {
            Fence(state, thread);
            View(state, thread) = Resting;
            Trim(state);
        }
    }

    private static int ValueAt(int index) => 1 + (2 * index);

    private static int Get(ulong view, int word) => (int)(view >> (BitsOfWord * word)) & 7;

    private static ulong Set(ulong view, int word, int index) => (view & ~(7UL << (BitsOfWord * word))) | ((ulong)index << (BitsOfWord * word));

    private static ref ulong View(Span<ulong> state, int thread) => ref state[1 + thread];

    private int ListAt(int word) => 1 + _threads + (word * ListSize);

    private Span<ulong> List(Span<ulong> state, int word) => state.Slice(ListAt(word), ListSize);

    private ulong Join(ulong left, ulong right)
    {
        ulong joined = left;
        for (int word = 0; word < _words; word++)
        {
            joined = Get(right, word) > Get(joined, word) ? Set(joined, word, Get(right, word)) : joined;
        }
        return joined;
    }

    private ulong Read(Span<ulong> state, int thread, int word, int index)
    {
        Span<ulong> list = List(state, word);
        ref ulong view = ref View(state, thread);
        view = Join(Set(view, word, index), list[ValueAt(index) + 1]);
        return list[ValueAt(index)];
    }

    private void Append(Span<ulong> state, int thread, int word, ulong value)
    {
        Span<ulong> list = List(state, word);
        if (list[0] == Depth)
        {
            Drop(state, word, 1);
        }
        int index = (int)list[0]++;
        ref ulong view = ref View(state, thread);
        view = Set(view, word, index);
        list[ValueAt(index)] = value;
        list[ValueAt(index) + 1] = view;
    }

    private void Trim(Span<ulong> state)
    {
        for (int word = 0; word < _words; word++)
        {
            if (List(state, word)[0] > 1 && Oldest(state, word) is > 0 and int oldest)
            {
                Drop(state, word, oldest);
            }
        }
    }

    private int Oldest(Span<ulong> state, int word)
    {
        int oldest = (int)List(state, word)[0] - 1;
        foreach (ulong view in state[..(1 + _threads)])
        {
            oldest = view == Resting ? oldest : Math.Min(oldest, Get(view, word));
        }
        return oldest;
    }

    private void Drop(Span<ulong> state, int word, int dropped)
    {
        Span<ulong> list = List(state, word);
        list[ValueAt(dropped)..].CopyTo(list[1..]);
        list[^(2 * dropped)..].Clear();
        list[0] -= (ulong)dropped;
        foreach (ref ulong view in state[..(1 + _threads)])
        {
            view = view == Resting ? view : Lower(view, word, dropped);
        }
        for (int other = 0; other < _words; other++)
        {
            Span<ulong> values = List(state, other);
            for (int index = 0; index < (int)values[0]; index++)
            {
                ref ulong view = ref values[ValueAt(index) + 1];
                view = Lower(view, word, dropped);
            }
        }
    }

    private static ulong Lower(ulong view, int word, int dropped) => Set(view, word, Math.Max(0, Get(view, word) - dropped));
}
