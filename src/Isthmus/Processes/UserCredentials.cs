namespace Isthmus;

/// <summary>
/// Who a child runs as: exactly this user, this group and these supplementary groups, as real, effective and saved
/// ids; nothing of
/// this process's own is kept. Needs <c>CAP_SETUID</c> and <c>CAP_SETGID</c> (root). See <c>credentials(7)</c>.
/// </summary>
/// <param name="UserId">The user id.</param>
/// <param name="GroupId">The group id.</param>
public sealed record UserCredentials(uint UserId, uint GroupId)
{
    /// <summary>The supplementary groups; none unless given.</summary>
    public IReadOnlyList<uint> SupplementaryGroups { get; init; } = [];
}
