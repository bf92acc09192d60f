namespace Isthmus.Tests.Explorer;

/// <summary>A word of a subject's state.</summary>
/// <param name="Index">Where it stands in the segment, or in the line of each slot.</param>
/// <param name="Name">For the trace.</param>
/// <param name="Initial">At first.</param>
/// <param name="Show">Makes a value readable; null: hexadecimal.</param>
internal sealed record Word(int Index, string Name, ulong Initial, Func<ulong, string>? Show)
{
    public string Text(ulong value) => Show?.Invoke(value) ?? $"0x{value:x}";
}
