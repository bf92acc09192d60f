namespace Isthmus;

/// <summary>What is known of one end of a <see cref="SharedStream"/>, and of what it writes.</summary>
public sealed record SharedStreamEndStatus
{
    internal SharedStreamEndStatus(SharedStreamStatus stream, SegmentSnapshot snapshot, int end)
    {
        ulong word = snapshot.Word(StreamWord.End(end)), written = snapshot.Word(StreamWord.Written(end));
        State = StreamEndWord.StateOf(word);
        Participant = State == SharedStreamEnd.Open ? stream.InSlot(StreamEndWord.SlotOf(word)) : null;
        BytesWritten = (long)StreamWord.PositionOf(written);
        HasClosedWrite = (written & StreamWord.Finished) != 0 || State == SharedStreamEnd.Closed;
        BytesUnread = Math.Clamp(BytesWritten - (long)StreamWord.PositionOf(snapshot.Word(StreamWord.Read(end))), 0, stream.CapacityBytes);
    }

    /// <summary>How it stands. One whose participant is dead and was not recovered yet is open still.</summary>
    public SharedStreamEnd State { get; }

    /// <summary>Who has it, while it is open.</summary>
    public SharedParticipant? Participant { get; }

    /// <summary>How many bytes it has ever written.</summary>
    public long BytesWritten { get; }

    /// <summary>How many of them the other end has not read.</summary>
    public long BytesUnread { get; }

    /// <summary>Whether it has said that it writes no more.</summary>
    public bool HasClosedWrite { get; }
}
