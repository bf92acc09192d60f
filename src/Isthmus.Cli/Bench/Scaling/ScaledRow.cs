namespace Isthmus.Cli.Bench;

/// <summary>
/// Something that several processes send into and several receive from: in each <see cref="Shape"/> a row of the suite <c>scaling</c>. One
/// file each, which adds itself to the <see cref="BenchCatalog"/>.
/// </summary>
internal abstract class ScaledRow
{
    public abstract string Name { get; }

    /// <summary>The place in the table.</summary>
    public abstract int Rank { get; }

    public virtual bool Has(Shape shape) => true;

    public BenchRow RowOf(Shape shape) => new(Name, $"{Name}-{shape}");

    /// <summary>Lets each sender send its part of so many messages, all processes at once; null with the reason when this machine cannot.</summary>
    public abstract ThroughputSample? Measure(SuiteRun run, Shape shape, int count, out string reason);
}
