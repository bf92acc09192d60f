using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Readability of a descriptor as one of several things to wait for.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed when the wait ends.")]
internal sealed class DescriptorWaitSource(SafeHandle handle) : WaitSource
{
    private SemaphoreSlim? _chances;
    private CancellationTokenSource? _end;
    private Task? _wait;

    internal override bool Begin(SemaphoreSlim chances)
    {
        _chances = chances;
        if (IsReady)
        {
            return true;
        }
        _end = new CancellationTokenSource();
        _wait = TellAsync(chances, _end.Token);
        return false;
    }

    internal override bool TryFinish()
    {
        if (_wait is not { IsCompleted: true })
        {
            return false;
        }
        // An error of the wait is the caller's to see.
        _wait.GetAwaiter().GetResult();
        if (IsReady)
        {
            GiveUp();
            return true;
        }
        // Somebody else has read it.
        _wait = TellAsync(_chances!, _end!.Token);
        return false;
    }

    internal override void GiveUp()
    {
        _end?.Cancel();
        _end?.Dispose();
        _end = null;
        _wait = null;
    }

    private bool IsReady => Poll.Look(handle, LibC.POLLIN) != 0;

    private async Task TellAsync(SemaphoreSlim chances, CancellationToken end)
    {
        try
        {
            await EventLoop.WaitReadableAsync(handle, end).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            chances.Release();
        }
    }
}
