namespace Isthmus.Tests.Explorer;

/// <content>The effects that an operation can have.</content>
internal sealed partial class World
{
    public ulong Load(int thread, int word)
    {
        CountEffect(thread);
        int position = PositionOf(word);
        ulong value = _memory.Load(Memory, thread, position, _choose);
        Tell($"loads {_words[position].Name}: {_words[position].Text(value)}");
        return value;
    }

    public void Store(int thread, int word, ulong value)
    {
        CountEffect(thread);
        int position = PositionOf(word);
        _memory.Store(Memory, thread, position, value);
        Tell($"stores {_words[position].Name} = {_words[position].Text(value)}");
    }

    public bool CompareExchange(int thread, int word, ref ulong expected, ulong value)
    {
        CountEffect(thread);
        int position = PositionOf(word);
        ulong found = _memory.LoadFenced(Memory, thread, position);
        if (found != expected)
        {
            Tell($"finds {_words[position].Name} changed: {_words[position].Text(found)}");
            expected = found;
            return false;
        }
        _memory.StoreFenced(Memory, thread, position, value);
        Tell($"changes {_words[position].Name}: {_words[position].Text(found)} -> {_words[position].Text(value)}");
        return true;
    }

    public bool IsDead(int thread, int slot)
    {
        CountEffect(thread);
        if (slot < 0 || slot >= Capacity)
        {
            Fail($"{NameOf(thread)} asks about slot {slot}, and there are {Capacity}");
            return false;
        }
        _memory.Fence(Memory, thread);
        Tell($"finds p{slot} {(IsAlive(slot) ? "alive" : "dead")}");
        return !IsAlive(slot);
    }

    public void SleeperFence(int thread)
    {
        CountEffect(thread);
        _memory.FenceAll(Memory, thread, _threads.Length);
        Tell($"fences for all");
    }

    public int Wake(int thread, int word, Waiters waiters, int most)
    {
        CountEffect(thread);
        int position = PositionOf(word);
        _memory.Fence(Memory, thread);
        Tell($"wakes {(most == int.MaxValue ? "all" : $"{most}")} of {waiters} on {_words[position].Name}");
        if ((waiters & Waiters.Bells) != 0)
        {
            RingAt(position);
        }
        return (waiters & Waiters.Sleepers) != 0 ? WakeSome(position, most) : 0;
    }

    // The kernel wakes as many as asked for, and nobody can say which.
    private int WakeSome(int word, int most)
    {
        int sleepers = 0;
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            sleepers += IsAsleep(thread, word, Waiters.Sleepers) ? 1 : 0;
        }
        int woken = Math.Min(most, sleepers), chosen = woken;
        int combinations = Combinations(sleepers, chosen);
        int rank = combinations > 1 ? Choose(combinations) : 0;
        for (int thread = 0; chosen > 0; thread++)
        {
            if (!IsAsleep(thread, word, Waiters.Sleepers))
            {
                continue;
            }
            int withThis = Combinations(--sleepers, chosen - 1);
            if (rank < withThis)
            {
                chosen--;
                WakeUp(thread);
            }
            else
            {
                rank -= withThis;
            }
        }
        return woken;
    }

    private static int Combinations(int count, int chosen)
    {
        int combinations = 1;
        for (int index = 0; index < chosen; index++)
        {
            combinations = combinations * (count - index) / (index + 1);
        }
        return combinations;
    }

    private bool IsAsleep(int thread, int word, Waiters kind)
    {
        ref ThreadState state = ref Thread(thread);
        return state.Status == ThreadStatus.Asleep && state.Word == word && WaitersOf(thread) == kind;
    }

    private void Drain(int thread)
    {
        int position = _memory.Drain(Memory, thread);
        Tell($"its store arrives: {TextOf(position)}");
    }

    private void CountEffect(int thread)
    {
        if (++_effects > 1)
        {
            Fail($"{NameOf(thread)} has two effects in one step");
        }
    }

    private int PositionOf(int word)
    {
        int position = (uint)word < (uint)_wordAt.Length ? _wordAt[word] : -1;
        if (position < 0)
        {
            Fail($"word {word} is touched and was not declared by the subject");
        }
        return Math.Max(0, position);
    }

    private string TextOf(int position) => $"{_words[position].Name} ({_words[position].Text(_memory.Latest(Memory, position))})";
}
