using System.Diagnostics;

namespace Isthmus;

/// <summary>
/// Those of one attachment that wait asynchronously, first come first, by the word that they wait for. While a word has some, the participant's
/// record in the
/// roster says so, and who changes the word rings the process's doorbell.
/// </summary>
internal sealed class SegmentWaiters(Segment segment)
{
    private const int SparesMax = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, LinkedList<AsyncWaiter>> _queues = [];

    // Empty ones. They never leave this object: a waiter stands in one of them exactly when it waits here.
    private readonly Stack<LinkedList<AsyncWaiter>> _spares = [];
    private int _count;
    private bool _closed;

    /// <summary>Whether anybody waits.</summary>
    public bool HasAny => Volatile.Read(ref _count) > 0;

    /// <summary>Lets a waiter wait; it may be complete when this returns.</summary>
    public void Add(AsyncWaiter waiter)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, segment);
            segment.Roster.CountWaiters(segment.Slot, 1);
            if (_count++ == 0)
            {
                // Whoever awaits may be reachable by nothing else.
                Attachments.Keep(segment);
            }
            Place(waiter);
        }
    }

    /// <summary>The word may have changed.</summary>
    public void OnRing(long word)
    {
        if (word == BellRing.RosterChanged)
        {
            DeathWatch.Instance.OnRosterChanged(segment);
            return;
        }
        lock (_lock)
        {
            if (word is >= 0 and <= int.MaxValue && _queues.TryGetValue((int)word, out LinkedList<AsyncWaiter>? queue))
            {
                StepQueue((int)word, queue);
            }
        }
    }

    /// <summary>Any word may have changed.</summary>
    public void StepAll()
    {
        lock (_lock)
        {
            foreach ((int word, LinkedList<AsyncWaiter> queue) in _queues.ToArray())
            {
                StepQueue(word, queue);
            }
        }
    }

    /// <summary>Does the steps of a waiter that does not do them itself; true when it has its outcome, and does not wait any more.</summary>
    public bool TryFinish(NotifiedWaiter waiter)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, segment);
            int word = waiter.Wait.Word;
            if (waiter.DoSteps())
            {
                TakeFrom(word, waiter);
                Finish(waiter, null);
                return true;
            }
            if (waiter.Wait.Word != word)
            {
                TakeFrom(word, waiter);
                Place(waiter);
            }
            return false;
        }
    }

    /// <summary>Ends a wait before its time, unless it has just ended, and the object waits for something else by now.</summary>
    /// <param name="waiter">Who waits.</param>
    /// <param name="whenDue">Only if its time is up.</param>
    public void GiveUp(AsyncWaiter waiter, bool whenDue = false)
    {
        lock (_lock)
        {
            bool isHere = _queues.TryGetValue(waiter.Wait.Word, out LinkedList<AsyncWaiter>? queue) && waiter.Node.List == queue;
            if (!isHere || (whenDue && !waiter.IsDue))
            {
                return;
            }
            TakeFrom(waiter.Wait.Word, waiter);
            waiter.Withdraw();
            bool done = waiter.Advance();
            Debug.Assert(done, "Who has withdrawn does not wait again.");
            Finish(waiter, null);
        }
    }

    /// <summary>Ends all waits: the attachment is being disposed.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (AsyncWaiter waiter in _queues.Values.SelectMany(static queue => queue).ToArray())
            {
                TakeFrom(waiter.Wait.Word, waiter);
                Finish(waiter, new ObjectDisposedException(segment.ToString(), "The object was disposed while somebody waited on it."));
            }
        }
    }

    private void StepQueue(int word, LinkedList<AsyncWaiter> queue)
    {
        for (LinkedListNode<AsyncWaiter>? node = queue.First; node is not null;)
        {
            AsyncWaiter waiter = node.Value;
            node = node.Next;
            if (waiter.Advance())
            {
                TakeFrom(word, waiter);
                Finish(waiter, null);
            }
            else if (waiter.Wait.Word != word)
            {
                TakeFrom(word, waiter);
                Place(waiter);
            }
            else if (waiter.StandsForAll)
            {
                break;
            }
        }
    }

    // The flag in the word was set before the record says whom to ring, so the word is looked at once more.
    private void Place(AsyncWaiter waiter)
    {
        while (true)
        {
            int word = waiter.Wait.Word;
            if (!_queues.TryGetValue(word, out LinkedList<AsyncWaiter>? queue))
            {
                _queues[word] = queue = _spares.TryPop(out LinkedList<AsyncWaiter>? spare) ? spare : [];
                segment.Roster.AddWait(segment.Slot, word);
            }
            queue.AddLast(waiter.Node);
            if (segment.Memory.Holds(word, waiter.Wait.Expected))
            {
                return;
            }
            if (!waiter.StepsItself)
            {
                waiter.Advance();
                return;
            }
            TakeFrom(word, waiter);
            if (waiter.Advance())
            {
                Finish(waiter, null);
                return;
            }
        }
    }

    private void TakeFrom(int word, AsyncWaiter waiter)
    {
        LinkedList<AsyncWaiter> queue = _queues[word];
        queue.Remove(waiter.Node);
        if (queue.Count == 0)
        {
            _queues.Remove(word);
            Keep(queue);
            segment.Roster.SetWaits(segment.Slot, _queues);
        }
    }

    private void Keep(LinkedList<AsyncWaiter> empty)
    {
        if (_spares.Count < SparesMax)
        {
            _spares.Push(empty);
        }
    }

    // The last to touch the waiter: who awaits it may use it again.
    private void Finish(AsyncWaiter waiter, Exception? error)
    {
        segment.Roster.CountWaiters(segment.Slot, -1);
        if (--_count == 0)
        {
            Attachments.Release(segment);
        }
        waiter.Complete(error);
    }
}
