namespace Isthmus;

/// <summary>What was read of a <see cref="SharedValue{T}"/>.</summary>
/// <param name="Value">The value.</param>
/// <param name="Version">How often it had been written: 0 is what it was made with.</param>
public readonly record struct SharedValueReading<T>(T Value, long Version)
    where T : unmanaged;
