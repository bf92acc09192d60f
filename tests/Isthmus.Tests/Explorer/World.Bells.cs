namespace Isthmus.Tests.Explorer;

/// <content>
/// Those who wait for their bell, as the library's asynchronous driver treats them: for each word a process has a queue. A ring makes it try them
/// one after the other, first come first; one that has to wait again and stands for all (<see cref="IOperation.StandsForAll"/>) ends that. Who was
/// tried and waits again does not look at the word once more: it has stood in the queue all the time.
/// </content>
internal sealed partial class World
{
    private void RingAt(int word)
    {
        for (int slot = 0; slot < Capacity; slot++)
        {
            RingAt(slot, word);
        }
    }

    private void RingAt(int slot, int word)
    {
        if (FindTried(slot, word) is >= 0 and int tried)
        {
            Thread(tried).Ring = Ring.TriedAgain;
        }
        else
        {
            Try(slot, word, 0, Ring.Tried);
        }
    }

    private void JoinQueue(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        byte length = 0;
        for (int other = 0; other < _threads.Length; other++)
        {
            length += IsInQueue(other, SlotOf(thread), state.Word) ? (byte)1 : (byte)0;
        }
        state.Place = length;
        state.IsQueued = true;
    }

    // It was tried and has to wait again.
    private void StayInQueue(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        Ring ring = state.Ring;
        state.Ring = Ring.None;
        state.Status = ThreadStatus.Asleep;
        if (!InstructionOf(thread).StandsForAll)
        {
            Try(SlotOf(thread), state.Word, state.Place + 1, ring);
        }
        else if (ring == Ring.TriedAgain)
        {
            Try(SlotOf(thread), state.Word, 0, Ring.Tried);
        }
    }

    private void LeaveQueue(int thread)
    {
        ref ThreadState state = ref Thread(thread);
        if (!state.IsQueued)
        {
            return;
        }
        (Ring ring, byte place) = (state.Ring, state.Place);
        state.Ring = Ring.None;
        state.IsQueued = false;
        state.Place = 0;
        for (int other = 0; other < _threads.Length; other++)
        {
            if (IsInQueue(other, SlotOf(thread), state.Word) && Thread(other).Place > place)
            {
                Thread(other).Place--;
            }
        }
        if (ring != Ring.None)
        {
            Try(SlotOf(thread), state.Word, place, ring);
        }
    }

    // Behind the last one it is over, unless the bell rang again.
    private void Try(int slot, int word, int place, Ring ring)
    {
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            if (IsInQueue(thread, slot, word) && Thread(thread).Place == place)
            {
                Thread(thread).Ring = ring;
                WakeUp(thread);
                return;
            }
        }
        if (ring == Ring.TriedAgain)
        {
            Try(slot, word, 0, Ring.Tried);
        }
    }

    private int FindTried(int slot, int word)
    {
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            if (IsInQueue(thread, slot, word) && Thread(thread).Ring != Ring.None)
            {
                return thread;
            }
        }
        return -1;
    }

    private bool IsInQueue(int thread, int slot, int word)
    {
        ref ThreadState state = ref Thread(thread);
        return state.IsQueued && SlotOf(thread) == slot && state.Word == word;
    }
}
