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

    /// <summary>The rows that the plain row is compared with, beside its program in C.</summary>
    public virtual IReadOnlyList<string> Rivals => [];

    /// <summary>It is measured at the suites' outermost sizes, too: those that other mechanisms are not made for.</summary>
    public virtual bool IsWide => false;

    /// <summary>It passes messages through memory, without the kernel: so many more go before the clock is stopped that the start counts for nothing.</summary>
    public virtual bool IsInMemory => false;

    /// <summary>Neither side spins: both are processes that believe to have one CPU. Latency only.</summary>
    public virtual bool Sleeps => false;

    /// <summary>One of this library's channels in shared memory.</summary>
    public virtual bool IsChannel => false;

    /// <summary>The mechanism that it is another way to use; null for one of its own.</summary>
    public virtual string? VariantOf => null;

    /// <summary>The name that stands for all its rows and its variants'.</summary>
    public string Family => VariantOf ?? Name;

    /// <summary>The only size that it has; null when it takes any.</summary>
    public virtual int? OnlySize => null;

    /// <summary>The longest message in bytes that it carries on this machine, for its program in C, too; null when only a connection knows.</summary>
    public virtual int? SizeMax => null;

    /// <summary>Messages may get lost: throughput counts what arrived.</summary>
    public virtual bool Lossy => false;

    /// <summary>Whether messages of this size are measured, if the connection carries them.</summary>
    public bool Allows(int size) => size == (OnlySize ?? size) && size <= (SizeMax ?? size);

    /// <summary>
    /// The mean time of a round trip in ns with nothing else in the loop, of what is a limit for others; null for all that carry messages.
    /// </summary>
    public virtual double? MeasureBare(PeerProcess peer, int count) => null;

    /// <summary>How much of a message is written and read, in bytes: all of it, but where the rest stays as it is.</summary>
    public virtual int PartOf(int size) => size;

    /// <summary>The rows that the row of this form is compared with, beside its program in C.</summary>
    public IReadOnlyList<string> RivalsOf(Rows form) => form switch
    {
        Rows.Sync => Rivals,
        Rows.Async when AsyncRival is not null => [AsyncRival],
        _ => [],
    };

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
