namespace Isthmus.Cli.Bench;

/// <summary>
/// Two calls that undo each other and never wait, such as acquiring and releasing: a row of the suite <c>cost</c>. One file each, which
/// adds itself to the <see cref="BenchCatalog"/>.
/// </summary>
internal abstract class CostOperation
{
    public abstract string Name { get; }

    /// <summary>The place in the table.</summary>
    public abstract int Rank { get; }

    /// <summary>The program in <c>bench/reference</c> that does the same (see <c>cost.h</c>); null without one.</summary>
    public virtual string? Reference => null;

    /// <summary>Makes what the calls work on.</summary>
    /// <param name="directory">For files; removed after the run.</param>
    public abstract CostLoop Prepare(string directory);
}

/// <summary>What a <see cref="CostOperation"/> works on; disposing removes it.</summary>
internal abstract class CostLoop : IDisposable
{
    /// <summary>How the reference program finds the same object.</summary>
    public virtual IReadOnlyList<string> ReferenceArguments => [];

    /// <summary>Makes both calls so many times.</summary>
    public abstract void Run(int count);

    public abstract void Dispose();
}
