namespace Isthmus;

/// <summary>What is known of a place for requests at one moment.</summary>
public sealed record RequestStatus : SharedObjectStatus
{
    internal RequestStatus(SegmentSnapshot snapshot)
        : base(snapshot)
    {
        MaxRequest = Bounded(snapshot.Config(0));
        MaxReply = Bounded(snapshot.Config(1));
        MaxCalls = Bounded(snapshot.Config(2));
        Servers = [.. Participants.Where(each => RequestPeerWord.Serves(snapshot.Word(RequestPeerWord.Word(each.Slot))))];
        Clients = [.. Participants.Except(Servers)];
    }

    /// <summary>The size of the largest request, in bytes.</summary>
    public int MaxRequest { get; }

    /// <summary>The size of the largest reply, in bytes.</summary>
    public int MaxReply { get; }

    /// <summary>How many calls of one client may be on their way at once.</summary>
    public int MaxCalls { get; }

    /// <summary>Those who serve, by slot; the dead too, until they are recovered.</summary>
    public IReadOnlyList<SharedParticipant> Servers { get; }

    /// <summary>The others, by slot.</summary>
    public IReadOnlyList<SharedParticipant> Clients { get; }

    private static int Bounded(ulong value) => (int)Math.Min(value, int.MaxValue);
}
