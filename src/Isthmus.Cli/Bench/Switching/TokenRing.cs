namespace Isthmus.Cli.Bench;

/// <summary>Participants in a ring, each of which waits for the token and hands it to the next.</summary>
internal abstract class TokenRing : IDisposable
{
    /// <summary>Sends the token round this many times and returns when it is back.</summary>
    public abstract void Run(int laps);

    public abstract void Dispose();

    /// <summary>Neighbours stand on different CPUs, unless all stand on one.</summary>
    protected static int CpuOf(int index, bool oneCpu) => oneCpu || index % 2 == 0 ? Placement.First : Placement.Second;
}
