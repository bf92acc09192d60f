namespace Isthmus.Cli.Stress;

/// <summary>Where a run takes place, as each of its processes sees it.</summary>
/// <param name="Directory">That of the objects' names.</param>
/// <param name="Ledger">The accounts.</param>
/// <param name="Processes">How many there are at a time.</param>
/// <param name="Seed">Of the run.</param>
/// <param name="Fault">What is to go wrong.</param>
internal sealed record StressPlace(string Directory, Ledger Ledger, int Processes, int Seed, StressFault Fault) : IDisposable
{
    /// <summary>Options of an object in this place.</summary>
    public T Options<T>(T options)
        where T : SharedObjectOptions => options with { Directory = Directory };

    public void Dispose() => Ledger.Dispose();
}
