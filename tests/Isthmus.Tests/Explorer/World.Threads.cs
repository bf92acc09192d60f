using System.Runtime.InteropServices;

namespace Isthmus.Tests.Explorer;

/// <content>The threads: what they do, and how they end.</content>
internal sealed partial class World
{
    /// <summary>The round of a thread ends with the instruction that it is at.</summary>
    public void EndRound(int thread) => Thread(thread).Instruction = (byte)(RoutineOf(thread).Instructions.Length - 1);

    /// <summary>The routine of a thread ends with the instruction that it is at.</summary>
    public void End(int thread)
    {
        EndRound(thread);
        Thread(thread).Round = (byte)(RoutineOf(thread).Rounds - 1);
    }

    private void Step(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        if (state.Status == ThreadStatus.Asked)
        {
            FallAsleep(thread);
            return;
        }
        state.Status = ThreadStatus.Ready;
        Progress progress = InstructionOf(thread).Step(new Actor(this, thread), ref Operation(thread));
        switch (progress.Kind)
        {
            case ProgressKind.Waits:
                AskToWait(thread, progress);
                break;
            case ProgressKind.Done:
                LeaveQueue(thread);
                InstructionOf(thread).Finish(new Actor(this, thread), ref Operation(thread));
                GoOn(thread);
                break;
            default:
                break;
        }
    }

    private void AskToWait(int thread, Progress progress)
    {
        ref ThreadState state = ref Thread(thread);
        if (state.IsWithdrawn)
        {
            Fail($"{NameOf(thread)} waits after its wait was ended");
        }
        if (RoutineOf(thread).Waiters == Waiters.None)
        {
            Fail($"{NameOf(thread)} waits and must not");
        }
        int word = PositionOf(progress.Word);
        Tell($"asks to wait on {_words[word].Name}");
        if (state.IsQueued && word == state.Word)
        {
            StayInQueue(thread);
        }
        else
        {
            LeaveQueue(thread);
            state.Status = ThreadStatus.Asked;
            state.Word = (byte)word;
        }
        state.Expected = progress.Expected;
    }

    // A futex looks and falls asleep in one; who waits for its bell stands in a queue first and looks then, which comes to the same.
    private void FallAsleep(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        bool isSame = (uint)_memory.LoadFenced(Memory, thread, state.Word) == state.Expected;
        state.Status = isSame ? ThreadStatus.Asleep : ThreadStatus.Woken;
        if (isSame && WaitersOf(thread) == Waiters.Bells)
        {
            JoinQueue(thread);
        }
        Tell($"{(isSame ? "sleeps on" : "does not sleep on")} {TextOf(state.Word)}");
    }

    // Of those who wait for their bell the first, as by a ring.
    private void WakeForNoReason(int thread)
    {
        if (Thread(thread).IsQueued)
        {
            RingAt(SlotOf(thread), Thread(thread).Word);
        }
        else
        {
            WakeUp(thread);
        }
    }

    private void WakeUp(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        state.Status = ThreadStatus.Woken;
        _memory.Fence(Memory, thread);
        Tell($"{NameOf(thread)} wakes");
    }

    private void Withdraw(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        if (state.Status == ThreadStatus.Asleep)
        {
            _memory.Fence(Memory, thread);
        }
        LeaveQueue(thread);
        state.Status = ThreadStatus.Ready;
        state.IsWithdrawn = true;
        InstructionOf(thread).Withdraw(ref Operation(thread));
        Tell($"gives up waiting");
    }

    // Whatever a process has stored is in memory before its life lock is free. That some of it never gets out is the crash at an earlier step.
    private void Crash(int slot)
    {
        Tell($"p{slot} is killed");
        Head.CrashesLeft--;
        Head.Alive &= (ushort)~(1 << slot);
        Head.Dead |= (ushort)(1 << slot);
        Head.Pending[slot] = 0;
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            if (SlotOf(thread) == slot)
            {
                _memory.Leave(Memory, thread);
                Forget(thread);
            }
        }
        Scenario.Subject.Crashed(this, slot);
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            if (_threads[thread].IsRecoverer && IsAlive(SlotOf(thread)))
            {
                Head.Pending[SlotOf(thread)] |= (ushort)(1 << slot);
                RecoverNext(thread);
            }
        }
    }

    // The winner of the life lock is alive from then on, recovers its predecessor with that proof, and is counted before it does anything else. It
    // sees to the other dead as everybody does.
    private void Occupy(int slot)
    {
        Tell($"slot {slot} is taken");
        Head.Alive |= (ushort)(1 << slot);
        Head.Dead &= (ushort)~(1 << slot);
        Head.Pending[slot] = Head.Dead;
        int first = Array.FindIndex(_threads, thread => thread.Slot == slot);
        Recover(first, slot, isProven: true);
        RecoverNext(Array.FindIndex(_threads, thread => thread.Slot == slot && thread.IsRecoverer));
    }

    private void RecoverNext(int recoverer)
    {
        ref ushort pending = ref Head.Pending[SlotOf(recoverer)];
        if (pending != 0 && Thread(recoverer).Status == ThreadStatus.Idle)
        {
            int victim = int.TrailingZeroCount(pending);
            pending &= (ushort)(pending - 1);
            Recover(recoverer, victim, isProven: false);
        }
    }

    private void Recover(int thread, int victim, bool isProven)
    {
        Thread(thread).Victim = (byte)victim;
        Thread(thread).IsProven = isProven;
        BeginRoutine(thread, RecoveryRoutine);
    }

    private void BeginRoutine(int thread, int routine)
    {
        ref ThreadState state = ref Thread(thread);
        state.Routine = (byte)routine;
        state.Round = 0;
        state.Instruction = 0;
        _memory.Enter(Memory, thread);
        Start(thread);
    }

    private void Start(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        state.Status = ThreadStatus.Ready;
        state.IsWithdrawn = false;
        state.Word = 0;
        state.Expected = 0;
        ClearOperation(thread);
        InstructionOf(thread).Start(new Actor(this, thread), ref Operation(thread));
    }

    private void GoOn(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        Routine routine = RoutineOf(thread);
        if (++state.Instruction >= routine.Instructions.Length)
        {
            state.Instruction = 0;
            state.Round++;
        }
        if (state.Round < routine.Rounds)
        {
            Start(thread);
            return;
        }
        bool wasOccupying = state is { Routine: RecoveryRoutine, IsProven: true };
        _memory.Rest(Memory, thread);
        Forget(thread);
        if (wasOccupying)
        {
            Head.Slots = Math.Max(Head.Slots, (byte)(SlotOf(thread) + 1));
            BeginRoutine(thread, OccupantRoutine);
        }
        else if (_threads[thread].IsRecoverer)
        {
            RecoverNext(thread);
        }
    }

    // What is over leaves nothing behind, so that states which differ by the past only are the same.
    private void Forget(int thread)
    {
        Thread(thread) = default;
        ClearOperation(thread);
    }

    private void ClearOperation(int thread) => MemoryMarshal.CreateSpan(ref Operation(thread), _operationSize).Clear();
}
