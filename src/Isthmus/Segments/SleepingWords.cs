namespace Isthmus;

/// <summary>On which words threads of this attachment sleep, so that whoever disposes it finds them. A word is in it once for each thread.</summary>
internal sealed class SleepingWords
{
    private readonly Lock _lock = new();
    private readonly List<int> _words = [];
    private int _count;

    /// <summary>How many threads.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add(int word)
    {
        lock (_lock)
        {
            _words.Add(word);
            Volatile.Write(ref _count, _words.Count);
        }
    }

    public void Remove(int word)
    {
        lock (_lock)
        {
            _words.Remove(word);
            Volatile.Write(ref _count, _words.Count);
        }
    }

    public int[] ToArray()
    {
        lock (_lock)
        {
            return [.. _words];
        }
    }
}
