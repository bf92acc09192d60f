namespace Isthmus.Tests.Explorer;

/// <summary>A value of two words, the same in both unless it was torn.</summary>
internal readonly record struct Pair(ulong First, ulong Second);
