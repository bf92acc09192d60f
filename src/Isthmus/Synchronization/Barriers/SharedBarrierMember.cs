using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A member of a <see cref="SharedBarrier"/>. Disposing it leaves the barrier; the others pass without it then.
/// </summary>
/// <remarks>It arrives once at a time. Any thread may use it.</remarks>
public sealed class SharedBarrierMember : IDisposable
{
    private const int IsIdle = 0;
    private const int IsArriving = 1;
    private const int ArrivesAndLeaves = 2;
    private const int HasLeft = 3;

    private readonly SharedBarrier _barrier;
    private long _passed;
    private int _state;

    internal SharedBarrierMember(SharedBarrier barrier) => _barrier = barrier;

    /// <summary>How many rounds it has passed.</summary>
    public long PassedCount => Volatile.Read(ref _passed);

    private Segment Segment => _barrier.Segment;

    /// <summary>Arrives, and waits until all members have.</summary>
    /// <returns>
    /// <see cref="BarrierOutcome.Passed"/>, <see cref="BarrierOutcome.Last"/>, or <see cref="BarrierOutcome.Broken"/>:
    /// then the arrival was taken back.
    /// </returns>
    /// <exception cref="InvalidOperationException">It waits already.</exception>
    /// <exception cref="ObjectDisposedException">
    /// It has left; or the barrier is disposed, before or meanwhile.
    /// </exception>
    public BarrierOutcome SignalAndWait() => Arrive(Waiters.Sleepers, Deadline.Never);

    /// <summary>Arrives if all others have, and passes.</summary>
    /// <returns><see cref="BarrierOutcome.TimedOut"/>: somebody is missing. The arrival was taken back.</returns>
    /// <inheritdoc cref="SignalAndWait"/>
    public BarrierOutcome TrySignalAndWait() => Arrive(Waiters.None, Deadline.Never);

    /// <summary>Arrives, and waits up to <paramref name="timeout"/> until all members have.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <returns><see cref="BarrierOutcome.TimedOut"/>: somebody was missing. The arrival was taken back.</returns>
    /// <inheritdoc cref="SignalAndWait"/>
    public BarrierOutcome TrySignalAndWait(TimeSpan timeout) => Arrive(Waiters.Sleepers, Deadline.After(timeout));

    /// <summary>Arrives; completes when all members have.</summary>
    /// <exception cref="OperationCanceledException">
    /// Cancelled before all had arrived: the arrival was taken back.
    /// </exception>
    /// <inheritdoc cref="SignalAndWait"/>
    public ValueTask<BarrierOutcome> SignalAndWaitAsync(CancellationToken cancellationToken = default) =>
        TrySignalAndWaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Arrives; completes when all members have, or after <paramref name="timeout"/>.</summary>
    /// <param name="timeout">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="SignalAndWaitAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<BarrierOutcome> TrySignalAndWaitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        Begin();
        BarrierArrive arrive = new(Segment.Slot, Waiters.Bells);
        try
        {
            arrive = await Driver.RunAsync(Segment, arrive, deadline, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            End(arrive.Outcome);
        }
        if (arrive.Outcome == BarrierOutcome.TimedOut)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return arrive.Outcome;
    }

    /// <summary>
    /// Arriving as one of several things to wait for. When another was first, the arrival is taken back, unless all
    /// have arrived just then: the round is passed then all the same, and <see cref="PassedCount"/> says so.
    /// </summary>
    public WaitSource<BarrierOutcome> ToWaitSource() => new SharedWaitSource<BarrierArrive, BarrierOutcome>(
        Segment,
        () =>
        {
            Begin();
            return new BarrierArrive(Segment.Slot, Waiters.Bells);
        },
        (BarrierArrive arrive, out BarrierOutcome outcome) =>
        {
            outcome = arrive.Outcome;
            End(outcome);
            return outcome != BarrierOutcome.TimedOut;
        },
        static _ => { });

    /// <summary>
    /// Leaves the barrier; when it waits just now, after that. When it was the only one missing, the others pass.
    /// </summary>
    public void Dispose()
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            if (state >= ArrivesAndLeaves)
            {
                return;
            }
            int next = state == IsIdle ? HasLeft : ArrivesAndLeaves;
            if (Interlocked.CompareExchange(ref _state, next, state) != state)
            {
                continue;
            }
            if (next == HasLeft)
            {
                Leave();
            }
            return;
        }
    }

    private BarrierOutcome Arrive(Waiters waiters, Deadline deadline)
    {
        Begin();
        BarrierArrive arrive = new(Segment.Slot, waiters);
        try
        {
            Driver.Block(Segment, ref arrive, deadline);
        }
        finally
        {
            End(arrive.Outcome);
        }
        return arrive.Outcome;
    }

    private void Begin()
    {
        int state = Interlocked.CompareExchange(ref _state, IsArriving, IsIdle);
        ObjectDisposedException.ThrowIf(state >= ArrivesAndLeaves, this);
        if (state == IsArriving)
        {
            throw new InvalidOperationException("This member waits already; join once more for another one.");
        }
    }

    private void End(BarrierOutcome outcome)
    {
        if (outcome is BarrierOutcome.Passed or BarrierOutcome.Last)
        {
            Volatile.Write(ref _passed, _passed + 1);
        }
        if (Interlocked.CompareExchange(ref _state, IsIdle, IsArriving) == ArrivesAndLeaves)
        {
            Volatile.Write(ref _state, HasLeft);
            Leave();
        }
    }

    // When the attachment is disposed, this changes nothing that anybody sees.
    private void Leave()
    {
        SegmentMemory memory = Segment.Memory;
        BarrierLeave leave = new(Segment.Slot);
        Driver.Run(ref memory, ref leave);
    }
}
