using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The forms in which one can wait in front of a gate.</summary>
internal static class Gate
{
    /// <summary>Passes if it can at once.</summary>
    public static bool TryPass<TGate>(Segment segment, TGate gate)
        where TGate : struct, IWordGate
    {
        if (PassesAtOnce(segment, gate))
        {
            return true;
        }
        PassGate<TGate> pass = new(gate, Waiters.None);
        Driver.Run(segment, ref pass);
        return pass.Passed;
    }

    /// <summary>Passes, or blocks until it can.</summary>
    public static bool TryPass<TGate>(Segment segment, TGate gate, Deadline deadline)
        where TGate : struct, IWordGate
    {
        if (PassesAtOnce(segment, gate))
        {
            return true;
        }
        PassGate<TGate> pass = new(gate, Waiters.Sleepers);
        Driver.Block(segment, ref pass, deadline);
        return pass.Passed;
    }

    /// <summary>Passes, or completes when it can.</summary>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public static async ValueTask<bool> TryPassAsync<TGate>(Segment segment, TGate gate, TimeSpan timeout, CancellationToken cancellationToken)
        where TGate : struct, IWordGate
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        PassGate<TGate> pass = await Driver.RunAsync(segment, new PassGate<TGate>(gate, Waiters.Bells), deadline, cancellationToken)
            .ConfigureAwait(false);
        if (!pass.Passed)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return pass.Passed;
    }

    /// <inheritdoc cref="TryPassAsync"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder))]
    public static async ValueTask PassAsync<TGate>(Segment segment, TGate gate, CancellationToken cancellationToken)
        where TGate : struct, IWordGate =>
        await TryPassAsync(segment, gate, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);

    /// <summary>Passing as one of several things to wait for.</summary>
    /// <param name="segment">Of the object.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="giveBack">Undoes a pass that came too late.</param>
    public static WaitSource ToWaitSource<TGate>(Segment segment, TGate gate, Action<bool> giveBack)
        where TGate : struct, IWordGate =>
        new SharedWaitSource<PassGate<TGate>, bool>(
            segment,
            () => new PassGate<TGate>(gate, Waiters.Bells),
            static (PassGate<TGate> pass, out bool passed) => passed = pass.Passed,
            giveBack);

    /// <summary>Changes a word.</summary>
    public static ChangeWord<TChange> Change<TChange>(Segment segment, TChange how)
        where TChange : struct, IWordChange
    {
        // As the steps of ChangeWord, when nobody waits.
        SegmentMemory memory = segment.Memory;
        ulong seen = memory.Load(TChange.Word), before = seen;
        if (WaiterFlags.Of(seen) == Waiters.None && how.TryChange(seen, out ulong changed)
            && memory.CompareExchange(TChange.Word, ref seen, changed))
        {
            segment.ThrowIfDisposed();
            return ChangeWord<TChange>.Made(before, changed);
        }
        ChangeWord<TChange> change = new(how);
        Driver.Run(segment, ref change);
        return change;
    }

    /// <summary>What survivors do for a dead participant where only a wake may be missing.</summary>
    public static Action<SegmentMemory, int, bool> WakeAll(int word) => (memory, _, _) =>
    {
        WakeRecovery recovery = new(word);
        Driver.Run(ref memory, ref recovery);
    };

    // As the steps of PassGate, when nothing is in the way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool PassesAtOnce<TGate>(Segment segment, in TGate gate)
        where TGate : struct, IWordGate
    {
        SegmentMemory memory = segment.Memory;
        ulong seen = memory.Load(TGate.Word);
        GateState state = gate.See(seen, seen);
        bool passed = state == GateState.Open
            || (state == GateState.Grants && memory.CompareExchange(TGate.Word, ref seen, gate.Pass(seen)));
        segment.ThrowIfDisposed();
        return passed;
    }
}
