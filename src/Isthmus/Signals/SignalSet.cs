using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// Some signals, as <c>sigset_t</c> holds them: <c>SignalSet set = [Signal.SIGUSR1, Signal.SIGUSR2];</c>. Immutable; enumerated by number.
/// </summary>
[CollectionBuilder(typeof(SignalSet), nameof(Create))]
public readonly record struct SignalSet : IReadOnlyCollection<Signal>
{
    // Signal n at bit n - 1, as in the kernel.
    internal SignalSet(ulong bits) => Bits = bits;

    /// <summary>No signal.</summary>
    public static SignalSet Empty => default;

    /// <summary>
    /// All signals that a program may block: not SIGKILL and SIGSTOP, nor what the runtime, libc and this library need (<see cref="Signal.GetReservation"/>).
    /// </summary>
    public static SignalSet All { get; } = new(Enumerable.Range(1, 64)
        .Where(number => number is not (32 or 33) && new Signal(number).GetReservation() == SignalReservation.None)
        .Aggregate(0ul, (bits, number) => bits | (1ul << (number - 1))));

    /// <summary>How many signals it holds.</summary>
    public int Count => BitOperations.PopCount(Bits);

    internal ulong Bits { get; }

    /// <summary>The set of these signals, in any order.</summary>
    /// <exception cref="ArgumentException">One of them is no signal but the default value of the type.</exception>
    public static SignalSet Create(params ReadOnlySpan<Signal> signals)
    {
        ulong bits = 0;
        foreach (Signal signal in signals)
        {
            bits |= BitOf(signal.ThrowIfNone());
        }
        return new SignalSet(bits);
    }

    /// <summary>Whether <paramref name="signal"/> is among them.</summary>
    public bool Contains(Signal signal) => signal.Number != 0 && (Bits & BitOf(signal)) != 0;

    /// <summary>Those of both.</summary>
    public SignalSet Union(SignalSet other) => new(Bits | other.Bits);

    /// <summary>Those that both hold.</summary>
    public SignalSet Intersect(SignalSet other) => new(Bits & other.Bits);

    /// <summary>Those that <paramref name="other"/> does not hold.</summary>
    public SignalSet Except(SignalSet other) => new(Bits & ~other.Bits);

    /// <summary>The signals by number.</summary>
    public IEnumerator<Signal> GetEnumerator()
    {
        for (ulong left = Bits; left != 0; left &= left - 1)
        {
            yield return Signal.OfKernel(BitOperations.TrailingZeroCount(left) + 1);
        }
    }

    /// <summary>The names, separated by spaces.</summary>
    public override string ToString() => string.Join(' ', this);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal LibC.sigset_t ToNative() => LibC.sigset_t.Of(Bits);

    private static ulong BitOf(Signal signal) => 1ul << (signal.Number - 1);
}
