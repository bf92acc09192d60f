namespace Isthmus.Cli.Bench;

/// <summary>A group of figures that belong together, and the table that shows them. One file each; see <see cref="BenchCatalog"/>.</summary>
internal abstract class Suite
{
    public abstract string Name { get; }

    public abstract string Title { get; }

    public abstract int Rank { get; }

    /// <summary>Measuring time of a full run.</summary>
    public abstract TimeSpan Budget { get; }

    /// <summary>Measuring time with <c>--quick</c>; at most six seconds.</summary>
    public abstract TimeSpan QuickBudget { get; }

    /// <summary>The message sizes that <c>--size</c> chooses from; empty when the rows have none.</summary>
    public virtual IReadOnlyList<int> Sizes => [];

    /// <summary>The size for which figures stand that have no room at every size.</summary>
    public virtual int TypicalSize => 64;

    /// <summary>Every row that it can have, each with the family it belongs to, in the order of the table.</summary>
    public abstract IEnumerable<BenchRow> Rows { get; }

    /// <summary>Rows that are measured to be compared with one another.</summary>
    public virtual IEnumerable<(string Row, string Against)> Pairs => [];

    /// <summary>True when rows are yardsticks for other suites: they are measured whatever mechanisms are asked for.</summary>
    public virtual bool IsYardstick => false;

    public abstract void Run(SuiteRun run);
}

/// <summary>A row of a suite: <c>--mechanism</c> takes the row's own name or its family's.</summary>
internal sealed record BenchRow(string Family, string Name);
