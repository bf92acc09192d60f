namespace Isthmus.Cli.Bench;

/// <summary>
/// A lock that several processes want all the time: a row of the suite <c>contended</c>. One file each, which adds itself to the <see
/// cref="BenchCatalog"/>.
/// </summary>
internal abstract class ContendedLock
{
    public abstract string Name { get; }

    /// <summary>The place in the table.</summary>
    public abstract int Rank { get; }

    /// <summary>
    /// The program in <c>bench/reference</c> that does the same: it takes <c>contend PROCESSES MS</c> and answers operations, least and
    /// most of one process.
    /// </summary>
    public virtual string? Reference => null;

    /// <summary>Makes the lock; its descriptor goes to the processes.</summary>
    public abstract (IDisposable Owner, SafeFileHandle Handle) Create();

    /// <summary>In a process: takes part.</summary>
    public abstract ContendedLoop Open(SafeFileHandle handle);
}

/// <summary>One process's part in a <see cref="ContendedLock"/>.</summary>
internal abstract class ContendedLoop : IDisposable
{
    /// <summary>So many times: enters, counts one in the memory by a plain addition, leaves.</summary>
    public abstract void Run(int count, ref long counter);

    public abstract void Dispose();
}
