namespace Isthmus.Tests.Explorer;

/// <summary>A generator (SplitMix64) that starts again for nothing, and gives the same on each version of .NET.</summary>
internal sealed class SeededRandom
{
    private ulong _state;

    public void Reset(int seed) => _state = (ulong)seed * 0xda942042e4dd58b5;

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Next(int bound)
    {
        ulong mixed = _state += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        return (int)Math.BigMul(mixed, (ulong)bound, out _);
    }
}
