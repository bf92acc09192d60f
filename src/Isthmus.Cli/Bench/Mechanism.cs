namespace Isthmus.Cli.Bench;

/// <summary>The rows that a mechanism gets in the suites of messages.</summary>
[Flags]
internal enum Rows
{
    None = 0,

    /// <summary>Blocking calls on both sides, each side on a CPU of its own: the row with the plain name.</summary>
    Sync = 1,

    /// <summary>Blocking calls, both sides on the same CPU: <c>-1cpu</c>.</summary>
    OneCpu = 2,

    /// <summary>Awaited calls: <c>-async</c>, where the mechanism has the plain row, too. The runtime's threads run where the scheduler puts them.</summary>
    Async = 4,
}

/// <summary>
/// A way to move bytes between two processes. One file each; see <see cref="BenchCatalog"/>. The tool makes an
/// <see cref="Offer"/>; the peer process joins it.
/// </summary>
internal abstract class Mechanism
{
    public abstract string Name { get; }

    /// <summary>Where its rows stand among the others; lower is higher.</summary>
    public abstract int Rank { get; }

    public abstract Rows Latency { get; }

    public abstract Rows Throughput { get; }

    /// <summary>The program in bench/reference that does the same, without its extension; null without one.</summary>
    public virtual string? Reference => null;

    /// <summary>The mechanism of the BCL that the awaited row is compared with; null without one.</summary>
    public virtual string? AsyncRival => null;

    /// <summary>The only size that it has; null when it takes any.</summary>
    public virtual int? OnlySize => null;

    /// <summary>The longest message in bytes that it carries on this machine, for its program in C, too; null when only a connection knows.</summary>
    public virtual int? SizeMax => null;

    /// <summary>Messages may get lost: throughput counts what arrived.</summary>
    public virtual bool Lossy => false;

    /// <summary>Whether messages of this size are measured, if the connection carries them.</summary>
    public bool Allows(int size) => size == (OnlySize ?? size) && size <= (SizeMax ?? size);

    /// <summary>Makes both ends in the tool. Names in the file system go into <paramref name="directory"/>, which the run removes.</summary>
    public abstract Offer Offer(string directory);

    /// <summary>In the peer: takes the other end, by the offer's address or from its handles, which become the connection's own.</summary>
    public abstract Connection Join(string address, IReadOnlyList<SafeFileHandle> handles);
}

/// <summary>
/// A connection that waits for the peer. The peer is sent <paramref name="Address"/> and copies of <paramref name="Handles"/>; then
/// <paramref name="Accept"/> closes what is the peer's alone and completes our end, while the peer joins.
/// </summary>
internal sealed record Offer(string Address, IReadOnlyList<SafeFileHandle> Handles, Func<Connection> Accept);
