using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>A <see cref="PooledMethod{TResult}"/> with the compiler's state machine.</summary>
internal sealed class PooledMethod<TStateMachine, TResult> : PooledMethod<TResult>
    where TStateMachine : IAsyncStateMachine
{
    private TStateMachine? _stateMachine;

    private PooledMethod()
    {
    }

    /// <summary>One for a method that begins to wait; it is known to the method's builder before its state is copied.</summary>
    public static PooledMethod<TStateMachine, TResult> Begin(ref PooledMethod<TResult>? known, ref TStateMachine stateMachine)
    {
        PooledMethod<TStateMachine, TResult> method = Idle<PooledMethod<TStateMachine, TResult>>.Take() ?? new();
        known = method;
        method._stateMachine = stateMachine;
        return method;
    }

    protected override void Run() => _stateMachine!.MoveNext();

    protected override void Rest()
    {
        _stateMachine = default;
        Idle<PooledMethod<TStateMachine, TResult>>.Keep(this);
    }
}
