namespace Isthmus;

/// <summary>An async method that has failed before it had to wait: nobody uses this again.</summary>
internal sealed class FailedMethod<TResult> : PooledMethod<TResult>
{
    protected override void Run() => throw new InvalidOperationException("It is over.");

    protected override void Rest()
    {
    }
}
