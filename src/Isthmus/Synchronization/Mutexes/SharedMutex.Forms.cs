using Isthmus.Native;

namespace Isthmus;

/// <content>A mutex that is fair, or not.</content>
public sealed partial class SharedMutex
{
    private static SharedMutex Made(Segment segment, SharedMutexOptions? options) =>
        SegmentSetup.Make(segment, each => new SharedMutex(each, options));

    private static ulong[] ConfigOf(SharedMutexOptions? options) => [options is { Fair: true } ? 1UL : 0];

    private static void Recover(SegmentMemory memory, int slot, bool proven)
    {
        if (memory.Config(0) != 0)
        {
            FairMutexRecovery recovery = new(slot, proven);
            Driver.Run(ref memory, ref recovery);
        }
        else
        {
            MutexRecovery recovery = new(slot, proven);
            Driver.Run(ref memory, ref recovery);
        }
    }

    private MutexEnter Begin(Waiters waiters) => new(_slot, waiters);

    private FairMutexEnter BeginInTurn(Waiters waiters) => new(_slot, waiters);

    private Entry Block(Deadline deadline)
    {
        if (IsFair)
        {
            FairMutexEnter inTurn = BeginInTurn(Waiters.Sleepers);
            Driver.Block(Segment, ref inTurn, deadline);
            return new Entry(inTurn);
        }
        MutexEnter enter = Begin(Waiters.Sleepers);
        Driver.Block(Segment, ref enter, deadline);
        return new Entry(enter);
    }

    private bool Leave(ulong owned)
    {
        SegmentMemory memory = _memory;
        if (IsFair)
        {
            FairMutexExit toTheNext = new(owned);
            Driver.Run(ref memory, ref toTheNext);
            return toTheNext.Left;
        }
        MutexExit exit = new(owned);
        Driver.Run(ref memory, ref exit);
        return exit.Left;
    }

    private readonly record struct Entry(MutexEntry Outcome, ulong Owned)
    {
        public Entry(in MutexEnter enter)
            : this(enter.Outcome, enter.Owned)
        {
        }

        public Entry(in FairMutexEnter enter)
            : this(enter.Outcome, enter.Owned)
        {
        }
    }
}
