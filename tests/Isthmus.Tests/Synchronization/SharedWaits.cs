using System.Runtime.InteropServices;

namespace Isthmus.Tests.Synchronization;

internal class AutoEventWait : SharedWait<SharedEvent>
{
    public override bool IsForOne => true;

    protected virtual EventResetMode Mode => EventResetMode.AutoReset;

    public override SharedObject Create(string name) => SharedEvent.Create(name, Mode);

    public override SharedObject CreateUnnamed() => SharedEvent.CreateUnnamed(Mode);

    public override SharedObject Open(string name) => SharedEvent.Open(name);

    public override SharedObject OpenUnnamed(SafeHandle memory) => SharedEvent.OpenUnnamed(memory);

    protected override void Release(SharedEvent maker) => maker.Set();

    protected override void Wait(SharedEvent shared) => shared.Wait();

    protected override bool TryWait(SharedEvent shared, TimeSpan timeout) => shared.TryWait(timeout);

    protected override ValueTask WaitAsync(SharedEvent shared, CancellationToken cancellationToken) => shared.WaitAsync(cancellationToken);

    protected override ValueTask<bool> TryWaitAsync(SharedEvent shared, TimeSpan timeout, CancellationToken cancellationToken) =>
        shared.TryWaitAsync(timeout, cancellationToken);

    protected override WaitSource ToWaitSource(SharedEvent shared) => shared.ToWaitSource();

    protected override SharedObjectStatus GetStatus(SharedEvent shared) => shared.GetStatus();
}

internal sealed class ManualEventWait : AutoEventWait
{
    public override bool IsForOne => false;

    protected override EventResetMode Mode => EventResetMode.ManualReset;
}

internal class SemaphoreWait : SharedWait<SharedSemaphore>
{
    public override bool IsForOne => true;

    public override SharedObject Create(string name) => SharedSemaphore.Create(name, 0, 10);

    public override SharedObject CreateUnnamed() => SharedSemaphore.CreateUnnamed(0, 10);

    public override SharedObject Open(string name) => SharedSemaphore.Open(name);

    public override SharedObject OpenUnnamed(SafeHandle memory) => SharedSemaphore.OpenUnnamed(memory);

    protected override void Release(SharedSemaphore maker) => maker.Release();

    protected override void Wait(SharedSemaphore shared) => shared.Acquire();

    protected override bool TryWait(SharedSemaphore shared, TimeSpan timeout) => shared.TryAcquire(timeout);

    protected override ValueTask WaitAsync(SharedSemaphore shared, CancellationToken cancellationToken) => shared.AcquireAsync(cancellationToken);

    protected override ValueTask<bool> TryWaitAsync(SharedSemaphore shared, TimeSpan timeout, CancellationToken cancellationToken) =>
        shared.TryAcquireAsync(timeout, cancellationToken);

    protected override WaitSource ToWaitSource(SharedSemaphore shared) => shared.ToWaitSource();

    protected override SharedObjectStatus GetStatus(SharedSemaphore shared) => shared.GetStatus();
}

/// <summary>Its maker holds all permits.</summary>
internal sealed class TrackedSemaphoreWait : SemaphoreWait
{
    private static readonly SharedSemaphoreOptions s_options = new() { OwnerTracked = true };

    public override SharedObject Create(string name) => WithoutPermits(SharedSemaphore.Create(name, 2, 2, s_options));

    public override SharedObject CreateUnnamed() => WithoutPermits(SharedSemaphore.CreateUnnamed(2, 2, s_options));

    private static SharedSemaphore WithoutPermits(SharedSemaphore semaphore)
    {
        semaphore.Acquire();
        semaphore.Acquire();
        return semaphore;
    }
}

internal sealed class CountdownWait : SharedWait<SharedCountdown>
{
    public override bool IsForOne => false;

    public override SharedObject Create(string name) => SharedCountdown.Create(name, 1);

    public override SharedObject CreateUnnamed() => SharedCountdown.CreateUnnamed(1);

    public override SharedObject Open(string name) => SharedCountdown.Open(name);

    public override SharedObject OpenUnnamed(SafeHandle memory) => SharedCountdown.OpenUnnamed(memory);

    protected override void Release(SharedCountdown maker) => maker.Signal();

    protected override void Wait(SharedCountdown shared) => shared.Wait();

    protected override bool TryWait(SharedCountdown shared, TimeSpan timeout) => shared.TryWait(timeout);

    protected override ValueTask WaitAsync(SharedCountdown shared, CancellationToken cancellationToken) => shared.WaitAsync(cancellationToken);

    protected override ValueTask<bool> TryWaitAsync(SharedCountdown shared, TimeSpan timeout, CancellationToken cancellationToken) =>
        shared.TryWaitAsync(timeout, cancellationToken);

    protected override WaitSource ToWaitSource(SharedCountdown shared) => shared.ToWaitSource();

    protected override SharedObjectStatus GetStatus(SharedCountdown shared) => shared.GetStatus();
}

/// <summary>The first version after that which it was made with.</summary>
internal sealed class ValueWait : SharedWait<SharedValue<long>>
{
    public override bool IsForOne => false;

    public override SharedObject Create(string name) => SharedValue<long>.Create(name);

    public override SharedObject CreateUnnamed() => SharedValue<long>.CreateUnnamed();

    public override SharedObject Open(string name) => SharedValue<long>.Open(name);

    public override SharedObject OpenUnnamed(SafeHandle memory) => SharedValue<long>.OpenUnnamed(memory);

    protected override void Release(SharedValue<long> maker) => maker.Write(1);

    protected override void Wait(SharedValue<long> shared) => shared.WaitForNewer(0);

    protected override bool TryWait(SharedValue<long> shared, TimeSpan timeout) => shared.TryWaitForNewer(0, timeout, out _);

    protected override async ValueTask WaitAsync(SharedValue<long> shared, CancellationToken cancellationToken) =>
        await shared.WaitForNewerAsync(0, cancellationToken);

    protected override async ValueTask<bool> TryWaitAsync(SharedValue<long> shared, TimeSpan timeout, CancellationToken cancellationToken) =>
        await shared.TryWaitForNewerAsync(0, timeout, cancellationToken) is not null;

    protected override WaitSource ToWaitSource(SharedValue<long> shared) => shared.ToWaitSource(0);

    protected override SharedObjectStatus GetStatus(SharedValue<long> shared) => shared.GetStatus();
}
