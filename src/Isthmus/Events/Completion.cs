using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>Helpers for the tasks of operations.</summary>
internal static class Completion
{
    /// <summary>The same without its result; nothing is allocated.</summary>
    public static ValueTask WithoutResult<TResult>(this ValueTask<TResult> operation)
    {
        if (!operation.IsCompletedSuccessfully)
        {
            return WaitAsync(operation);
        }
        _ = operation.Result;
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    private static async ValueTask WaitAsync<TResult>(ValueTask<TResult> operation) => await operation.ConfigureAwait(false);
}
