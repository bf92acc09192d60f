using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>
/// Builds async methods that allocate nothing when they wait. The BCL's <see cref="PoolingAsyncValueTaskMethodBuilder{TResult}"/> keeps what it uses again by
/// thread and by CPU: a call that goes on elsewhere, as all do that wait for another process, does not find it there.
/// </summary>
[SuppressMessage("Performance", "CA1822", Justification = "The compiler calls it on an instance.")]
internal struct PooledMethodBuilder<TResult>
{
    private PooledMethod<TResult>? _method;
    private TResult? _result;

    public static PooledMethodBuilder<TResult> Create() => default;

    public readonly ValueTask<TResult> Task => _method is null ? new(_result!) : new(_method, _method.Version);

    /// <summary>The same for a method without a result.</summary>
    public readonly ValueTask TaskWithoutResult => _method is null ? default : new(_method, _method.Version);

    // The BCL's takes back what the method changes in its caller's context before it waits.
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => AsyncValueTaskMethodBuilder.Create().Start(ref stateMachine);

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => throw new NotSupportedException("No compiler calls this any more.");

    public void SetResult(TResult result)
    {
        if (_method is null)
        {
            _result = result;
        }
        else
        {
            _method.SetResult(result);
        }
    }

    public void SetException(Exception error)
    {
        _method ??= new FailedMethod<TResult>();
        _method.SetException(error);
    }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(GoOn(ref stateMachine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.UnsafeOnCompleted(GoOn(ref stateMachine));

    private Action GoOn<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        PooledMethod<TResult> method = _method ?? PooledMethod<TStateMachine, TResult>.Begin(ref _method, ref stateMachine);
        method.Capture();
        return method.GoOn;
    }
}

/// <summary>As <see cref="PooledMethodBuilder{TResult}"/>, for methods without a result.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The compiler calls it on an instance.")]
internal struct PooledMethodBuilder
{
    private PooledMethodBuilder<bool> _builder;

    public static PooledMethodBuilder Create() => default;

    public readonly ValueTask Task => _builder.TaskWithoutResult;

    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => _builder.Start(ref stateMachine);

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) => _builder.SetStateMachine(stateMachine);

    public void SetResult() => _builder.SetResult(true);

    public void SetException(Exception error) => _builder.SetException(error);

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
