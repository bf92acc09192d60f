namespace Isthmus;

/// <summary>
/// What is known of a shared object at one moment, found without disturbing it: nothing is locked, and no slot is taken. While others use it, parts
/// may be from before and
/// after a change.
/// </summary>
public record SharedObjectStatus
{
    /// <summary>Made by the types of the library, each of which adds its own.</summary>
    internal SharedObjectStatus(SegmentSnapshot snapshot)
    {
        Name = snapshot.Name;
        Creator = snapshot.Creator;
        SizeBytes = snapshot.Size;
        MaxParticipants = snapshot.Capacity;
        Participants =
        [
            .. from each in snapshot.Participants
               select new SharedParticipant(each.Who.Slot, each.Who.Identity, each.IsAlive, each.Waiters),
        ];
    }

    /// <summary>Its name; null when it was asked for by an attachment without one.</summary>
    public string? Name { get; }

    /// <summary>The process that made it, as it says itself.</summary>
    public ProcessIdentity Creator { get; }

    /// <summary>How much memory it takes.</summary>
    public long SizeBytes { get; }

    /// <summary>How many may take part at once.</summary>
    public int MaxParticipants { get; }

    /// <summary>Who takes part, by slot; the dead too, until they are recovered.</summary>
    public IReadOnlyList<SharedParticipant> Participants { get; }

    /// <summary>How many calls wait just now, of all participants.</summary>
    public int Waiters => Participants.Sum(static each => each.Waiters);

    /// <summary>The participant of a slot; null when nobody is known there.</summary>
    private protected SharedParticipant? ParticipantIn(int slot) =>
        Participants.Where(each => each.Slot == slot).Select(static each => (SharedParticipant?)each).FirstOrDefault();
}
