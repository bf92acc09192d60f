using Isthmus.Inspection;

namespace Isthmus.Cli.Clean;

/// <summary>An object that nobody who can be seen has.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">How one would remove it by hand.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Size">In bytes; null when it has none.</param>
/// <param name="IsProved">Whether the kernel itself says that nobody has it, wherever he is.</param>
/// <param name="Reason">The proof; or why there is none.</param>
internal sealed record Leftover(NodeKind Kind, string Name, uint? UserId, long? Size, bool IsProved, string Reason)
{
    /// <summary>Proves once more that nobody has it, and removes it; false when somebody has it now.</summary>
    public Func<bool>? Remove { get; init; }
}
