namespace Isthmus.Tests.Explorer;

/// <summary>A line of a routine: one operation, and what the ghosts of the subject make of its outcome.</summary>
internal abstract record Instruction
{
    /// <summary>Of the operation.</summary>
    public abstract string Name { get; }

    /// <summary>Of the operation, in words.</summary>
    public abstract int Size { get; }

    /// <summary>Whether one that has to wait tells that all others have to, too.</summary>
    public abstract bool StandsForAll { get; }

    /// <summary>Whether its wait may be ended at any time.</summary>
    public bool IsTimed { get; init; }

    /// <summary>An operation.</summary>
    /// <param name="make">Makes it when its turn comes.</param>
    /// <param name="then">Is called together with its last step: checks the outcome, keeps what later instructions need, moves the ghosts.</param>
    public static Instruction Run<T>(Func<Actor, T> make, Action<Actor, T>? then = null)
        where T : unmanaged, IOperation => new OperationInstruction<T>(make, then);

    /// <summary>The same, and its wait may be ended at any time.</summary>
    public Instruction Timed() => this with { IsTimed = true };

    public abstract void Start(Actor me, ref ulong state);

    public abstract Progress Step(Actor me, ref ulong state);

    public abstract void Withdraw(ref ulong state);

    public abstract void Finish(Actor me, ref ulong state);

    /// <summary>Where in the operation it stands; empty when it does not say.</summary>
    public abstract string StageOf(ref ulong state);
}
