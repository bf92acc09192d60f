namespace Isthmus.Tests.Explorer;

/// <summary>What the scheduler can let happen.</summary>
internal enum MoveKind
{
    /// <summary>A thread does one step of its operation, or goes to sleep.</summary>
    Step,

    /// <summary>A store of a thread becomes visible to the others.</summary>
    Drain,

    /// <summary>A sleeper wakes for no reason, or the bell of those who wait for it rings.</summary>
    Wake,

    /// <summary>The wait of a thread ends by its deadline or its token.</summary>
    Withdraw,

    /// <summary>A participant is killed.</summary>
    Crash,

    /// <summary>A slot that is empty, or whose participant is dead, is taken.</summary>
    Occupy,
}
