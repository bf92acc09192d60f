namespace Isthmus.Cli.Watch;

/// <summary>The head of a column.</summary>
/// <param name="Name">In small letters, as <c>--sort</c> takes it.</param>
/// <param name="IsNumber">It is aligned to the right, and sorted from the largest down.</param>
internal sealed record WatchHead(string Name, bool IsNumber = false);
