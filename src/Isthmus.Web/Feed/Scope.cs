using Isthmus.Inspection;

namespace Isthmus.Web.Feed;

/// <summary>Whose processes are shown: one's own, or everybody's. Threads of the kernel are nobody's.</summary>
internal sealed class Scope
{
    private readonly uint? _userId;

    private Scope(uint? userId) => _userId = userId;

    public static Scope Everybody { get; } = new(null);

    public string Word => _userId is { } user ? $"of {UserNames.Of(user)}" : "of all users";

    /// <summary>Of the user who runs this program.</summary>
    public static Scope Own() => new(Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.None, ProcessIds = [Environment.ProcessId] })
        .FindProcess(Environment.ProcessId)?.EffectiveUserId);

    public bool Includes(ProcessNode process) =>
        !process.IsKernelThread && (_userId is null || process.UserId == _userId || process.EffectiveUserId == _userId);
}
