using System.Runtime.InteropServices;

namespace Isthmus.Tests.Synchronization;

/// <summary>Something that one waits for, in all forms: what the primitives have in common, for <see cref="SharedWaitTests"/>.</summary>
internal abstract class SharedWait
{
    /// <summary>Whether a release lets one pass, or all.</summary>
    public abstract bool IsForOne { get; }

    /// <summary>Makes one that must be waited for.</summary>
    public abstract SharedObject Create(string name);

    public abstract SharedObject CreateUnnamed();

    public abstract SharedObject Open(string name);

    public abstract SharedObject OpenUnnamed(SafeHandle memory);

    /// <summary>Lets one pass, or all. By the attachment that has made it.</summary>
    public abstract void Release(SharedObject maker);

    public abstract void Wait(SharedObject shared);

    public abstract bool TryWait(SharedObject shared, TimeSpan timeout);

    public abstract ValueTask WaitAsync(SharedObject shared, CancellationToken cancellationToken);

    public abstract ValueTask<bool> TryWaitAsync(SharedObject shared, TimeSpan timeout, CancellationToken cancellationToken);

    public abstract WaitSource ToWaitSource(SharedObject shared);

    public abstract SharedObjectStatus GetStatus(SharedObject shared);
}

internal abstract class SharedWait<T> : SharedWait
    where T : SharedObject
{
    public sealed override void Release(SharedObject maker) => Release((T)maker);

    public sealed override void Wait(SharedObject shared) => Wait((T)shared);

    public sealed override bool TryWait(SharedObject shared, TimeSpan timeout) => TryWait((T)shared, timeout);

    public sealed override ValueTask WaitAsync(SharedObject shared, CancellationToken cancellationToken) => WaitAsync((T)shared, cancellationToken);

    public sealed override ValueTask<bool> TryWaitAsync(SharedObject shared, TimeSpan timeout, CancellationToken cancellationToken) =>
        TryWaitAsync((T)shared, timeout, cancellationToken);

    public sealed override WaitSource ToWaitSource(SharedObject shared) => ToWaitSource((T)shared);

    public sealed override SharedObjectStatus GetStatus(SharedObject shared) => GetStatus((T)shared);

    protected abstract void Release(T maker);

    protected abstract void Wait(T shared);

    protected abstract bool TryWait(T shared, TimeSpan timeout);

    protected abstract ValueTask WaitAsync(T shared, CancellationToken cancellationToken);

    protected abstract ValueTask<bool> TryWaitAsync(T shared, TimeSpan timeout, CancellationToken cancellationToken);

    protected abstract WaitSource ToWaitSource(T shared);

    protected abstract SharedObjectStatus GetStatus(T shared);
}
