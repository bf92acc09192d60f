namespace Isthmus.Cli.Stress;

/// <summary>A mechanism that can be stressed, and how to account for what is done with it. One file each; see <see cref="StressCatalog"/>.</summary>
internal abstract class StressFamily
{
    public abstract string Name { get; }

    /// <summary>What it promises and the run judges, as one sentence.</summary>
    public abstract string Promise { get; }

    /// <summary>How many processes at a time, unless asked otherwise.</summary>
    public virtual int Processes => 4;

    /// <summary>What can be made to go wrong in it.</summary>
    public abstract IReadOnlyList<StressFault> Faults { get; }

    /// <summary>Makes the objects.</summary>
    public abstract void Create(StressPlace place);

    /// <summary>One process's part in them.</summary>
    /// <param name="place">Where.</param>
    /// <param name="id">The number of its record.</param>
    public abstract StressWorker Join(StressPlace place, long id);

    /// <summary>The controller's part in them, after <see cref="Create"/>.</summary>
    public abstract StressReferee Judge(StressPlace place);
}
