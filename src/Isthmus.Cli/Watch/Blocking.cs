namespace Isthmus.Cli.Watch;

/// <summary>Whether somebody is kept from going on, from harmless to bad: the order in which rows are sorted.</summary>
internal enum Blocking
{
    None,

    /// <summary>Somebody waits for a lock, a semaphore or an object of Isthmus that somebody else may give back.</summary>
    HeldUp,

    /// <summary>Somebody waits and will not go on by himself: a deadlock, or the one he waits for is stopped.</summary>
    Stuck,
}
