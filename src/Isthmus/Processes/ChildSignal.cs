using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>
/// Says that some child of this process stopped, continued or ended: the runtime's own handler of SIGCHLD, which serves
/// <c>System.Diagnostics.Process</c> too, is registered with, so nothing is taken from anybody. Signals coalesce: each
/// listener looks for itself what has changed. As it may be that the signal never comes (a parent that ignored SIGCHLD
/// leaves it ignored in us), listeners also look once a second.
/// </summary>
internal sealed class ChildSignal : IDisposable
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _pulse = new(0, 1);
    private readonly PosixSignalRegistration _registration;
    private bool _disposed;

    public ChildSignal() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Pulse());

    /// <summary>
    /// Completes when the signal has come since the last time, at the latest after <paramref name="longest"/> or a
    /// second.
    /// </summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) =>
        _pulse.WaitAsync(longest < s_longest ? longest : s_longest, cancellationToken);

    public void Dispose()
    {
        _registration.Dispose();
        lock (_lock)
        {
            // A signal may still be on its way to Pulse.
            _disposed = true;
            _pulse.Dispose();
        }
    }

    private void Pulse()
    {
        lock (_lock)
        {
            if (!_disposed && _pulse.CurrentCount == 0)
            {
                _pulse.Release();
            }
        }
    }
}
