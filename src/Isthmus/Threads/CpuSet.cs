using System.Collections;
using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Some of the machine's CPUs, by their numbers, with no upper limit (<c>sched_setaffinity(2)</c>). Immutable; equal
/// when it holds the same CPUs. Its text is the kernel's list format: <c>0-3,8</c>.
/// </summary>
public sealed class CpuSet : IReadOnlyCollection<int>, IEquatable<CpuSet>
{
    // The largest that the kernel can be built for is 8,192; a higher number is a mistake.
    private const int NumberMax = 65535;
    private const int BitsPerWord = 64;

    // Bit n of word n / 64; the last word is never zero.
    private readonly ulong[] _words;

    /// <summary>The CPUs with these numbers, in any order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or above 65,535.</exception>
    public CpuSet(params IEnumerable<int> cpus)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        ulong[] words = [];
        foreach (int cpu in cpus)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(cpu);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(cpu, NumberMax);
            if (cpu / BitsPerWord >= words.Length)
            {
                Array.Resize(ref words, (cpu / BitsPerWord) + 1);
            }
            words[cpu / BitsPerWord] |= 1ul << (cpu % BitsPerWord);
        }
        _words = words;
    }

    private CpuSet(ReadOnlySpan<ulong> words) => _words = words.TrimEnd(0ul).ToArray();

    /// <summary>How many CPUs it holds.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words)
            {
                count += System.Numerics.BitOperations.PopCount(word);
            }
            return count;
        }
    }

    /// <summary>The CPUs on which a thread may run (<c>sched_getaffinity(2)</c>); 0 for the calling thread.</summary>
    internal static unsafe CpuSet OfThread(int tid)
    {
        // EINVAL: the kernel's own mask is longer than the buffer.
        for (int words = 16; ; words *= 2)
        {
            ulong[] mask = new ulong[words];
            fixed (ulong* pointer = mask)
            {
                if (LibC.sched_getaffinity(tid, (nuint)(words * sizeof(ulong)), pointer) >= 0)
                {
                    return new CpuSet(mask.AsSpan());
                }
            }
            if (Errno.Last != Errno.EINVAL || words * BitsPerWord > NumberMax)
            {
                throw PosixException.From(Errno.Last, "sched_getaffinity");
            }
        }
    }

    /// <summary>Binds a thread to these CPUs; 0 for the calling thread.</summary>
    internal unsafe void Apply(int tid)
    {
        fixed (ulong* mask = _words)
        {
            if (LibC.sched_setaffinity(tid, (nuint)(_words.Length * sizeof(ulong)), mask) != 0)
            {
                throw PosixException.From(Errno.Last, "sched_setaffinity", ToString(), Errno.Last == Errno.EINVAL
                    ? "None of these CPUs is online and allowed here (cpuset(7))"
                    : null);
            }
        }
    }

    /// <summary>Reads the kernel's list format: numbers and ranges with commas between, such as <c>0-3,8</c>.</summary>
    public static bool TryParse(string? text, out CpuSet? cpus)
    {
        cpus = null;
        List<int> numbers = [];
        foreach (string range in (text ?? "-").Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !TryParseNumber(ends[0], out int first) || !TryParseNumber(ends[^1], out int last)
                || last < first)
            {
                return false;
            }
            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }
        cpus = new CpuSet(numbers);
        return true;
    }

    /// <summary>True when the set holds the CPU.</summary>
    public bool Contains(int cpu) =>
        cpu >= 0 && cpu / BitsPerWord < _words.Length
        && (_words[cpu / BitsPerWord] & (1ul << (cpu % BitsPerWord))) != 0;

    /// <summary>The numbers, ascending.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        for (int cpu = 0; cpu < _words.Length * BitsPerWord; cpu++)
        {
            if (Contains(cpu))
            {
                yield return cpu;
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(CpuSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CpuSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (ulong word in _words)
        {
            hash.Add(word);
        }
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        int length = _words.Length * BitsPerWord;
        for (int first = 0; first < length; first++)
        {
            if (!Contains(first))
            {
                continue;
            }
            int last = first;
            while (Contains(last + 1))
            {
                last++;
            }
            text.Append(CultureInfo.InvariantCulture, $",{first}");
            if (last > first)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{last}");
            }
            first = last;
        }
        return text.ToString().TrimStart(',');
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool TryParseNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= NumberMax;
}
