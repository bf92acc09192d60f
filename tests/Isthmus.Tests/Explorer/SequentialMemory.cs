namespace Isthmus.Tests.Explorer;

/// <summary>All see all effects at once, in one order.</summary>
internal sealed class SequentialMemory(int words) : MemoryModel
{
    public override int Size => words;

    public override void Begin(Span<ulong> state, ReadOnlySpan<ulong> words) => words.CopyTo(state);

    public override ulong Latest(ReadOnlySpan<ulong> state, int word) => state[word];

    public override ulong Load(Span<ulong> state, int thread, int word, Func<int, int> choose) => state[word];

    public override void Store(Span<ulong> state, int thread, int word, ulong value) => state[word] = value;

    public override ulong LoadFenced(Span<ulong> state, int thread, int word) => state[word];

    public override void StoreFenced(Span<ulong> state, int thread, int word, ulong value) => state[word] = value;
}
