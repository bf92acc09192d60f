namespace Isthmus;

/// <summary>What a record of a lane is, as its header says.</summary>
internal enum QueueRecordState
{
    /// <summary>None: the header is 0, and so is the rest of the word.</summary>
    Empty,

    /// <summary>A message that nobody has taken.</summary>
    Published,

    /// <summary>A message that a consumer has taken and not finished; the header names the consumer's participant.</summary>
    Taken,

    /// <summary>A message that was finished.</summary>
    Done,

    /// <summary>A message whose consumer died with it.</summary>
    Lost,

    /// <summary>A message that its producer took back to make room.</summary>
    Dropped,

    /// <summary>No message: the rest of a ring in which the next record had no room.</summary>
    Filler,
}
