namespace Isthmus.Tests.Explorer;

/// <content>
/// Those who wait for their bell: the asynchronous ones. A ring makes the process try all who wait for the word; but where an operation stands for all
/// (<see cref="IOperation.StandsForAll"/>), one after the other, and only until one has to wait again. Who was tried and waits again
/// does not look at the word once more: it has stood in the queue all the time.
/// </content>
internal sealed partial class World
{
    private void RingAt(int word)
    {
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            ref ThreadState state = ref Thread(thread);
            if (!state.IsQueued || state.Word != word)
            {
                continue;
            }
            if (state.Status != ThreadStatus.Asleep)
            {
                state.Ring = Ring.TriedAgain;
            }
            else if (!InstructionOf(thread).StandsForAll || !IsAnyTried(thread))
            {
                state.Ring = Ring.Tried;
                WakeUp(thread);
            }
        }
    }

    private void WaitForNextRing(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        if (state.Ring == Ring.TriedAgain)
        {
            state.Ring = Ring.Tried;
            WakeUp(thread);
        }
        else
        {
            state.Ring = Ring.None;
            state.Status = ThreadStatus.Asleep;
        }
    }

    private void LeaveQueue(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        bool isTried = state.Ring != Ring.None;
        state.Ring = Ring.None;
        if (isTried && InstructionOf(thread).StandsForAll)
        {
            TryNext(thread);
        }
        state.IsQueued = false;
    }

    private void TryNext(int thread)
    {
        for (int other = 0; other < _threads.Length; other++)
        {
            if (Thread(other).Status == ThreadStatus.Asleep && IsInSameQueue(other, thread))
            {
                Thread(other).Ring = Ring.Tried;
                WakeUp(other);
                return;
            }
        }
    }

    private bool IsAnyTried(int thread)
    {
        for (int other = 0; other < _threads.Length; other++)
        {
            if (Thread(other).Ring != Ring.None && IsInSameQueue(other, thread))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsInSameQueue(int thread, int other) =>
        Thread(thread).IsQueued && SlotOf(thread) == SlotOf(other) && Thread(thread).Word == Thread(other).Word
        && InstructionOf(thread).GetType() == InstructionOf(other).GetType();
}
