namespace Isthmus;

/// <summary>A participant of whose end no bell will tell, or whose bell hung up while its life lock was still held.</summary>
/// <param name="Attachment">The segment.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Generation">Which occupant of the slot.</param>
internal sealed record Suspect(WeakReference<Segment> Attachment, int Slot, uint Generation)
{
    /// <summary>Asks again: true when there is nothing to ask any more. What nobody rings for is looked at too.</summary>
    public bool IsSettledNow()
    {
        if (Attachment.TryGetTarget(out Segment? segment) && !segment.IsDisposed)
        {
            segment.WatchPeers();
            segment.Waiters.StepAll();
        }
        return IsSettled();
    }

    /// <summary>Whether there is nothing to ask; recovers when the participant is dead.</summary>
    public bool IsSettled()
    {
        try
        {
            return !Attachment.TryGetTarget(out Segment? segment) || segment.IsDisposed || segment.IsSettled(Slot, Generation);
        }
        catch (IOException)
        {
            // The kernel had no memory to tell, or the like.
            return false;
        }
        catch (InvalidDataException)
        {
            // What it has left cannot be repaired: somebody has damaged the segment. Who uses it is told so.
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Suspect? other) =>
        other is not null && Slot == other.Slot && Generation == other.Generation && Attachment == other.Attachment;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Attachment, Slot, Generation);
}
