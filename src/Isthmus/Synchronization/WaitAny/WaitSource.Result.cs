namespace Isthmus;

/// <summary>A <see cref="WaitSource"/> with a result.</summary>
/// <typeparam name="TResult">What the operation gives, such as a scope.</typeparam>
public abstract class WaitSource<TResult> : WaitSource
{
    private protected WaitSource()
    {
    }

    /// <summary>What the operation gave, after <see cref="WaitAny"/> has returned the index of this source.</summary>
    public TResult? Result { get; private protected set; }
}
