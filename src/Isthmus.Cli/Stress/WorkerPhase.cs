namespace Isthmus.Cli.Stress;

/// <summary>Where a process of a run stands, as it says in its record before it goes there.</summary>
internal enum WorkerPhase
{
    /// <summary>It has not begun its first turn.</summary>
    Starting,

    /// <summary>It wants nothing and has nothing.</summary>
    Idle,

    /// <summary>It asks, waits, or was just let in.</summary>
    Asking,

    /// <summary>It holds what it has asked for.</summary>
    Inside,

    /// <summary>It gives back.</summary>
    Leaving,

    /// <summary>It is done, and about to end.</summary>
    Left,
}
