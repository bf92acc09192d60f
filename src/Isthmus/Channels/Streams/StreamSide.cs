namespace Isthmus;

/// <summary>One side of one direction of a stream, the words that it uses.</summary>
/// <param name="Own">Its position: written by this side alone.</param>
/// <param name="Other">The position of the other side.</param>
/// <param name="Wait">What it sleeps on.</param>
/// <param name="OtherWait">What the other side sleeps on.</param>
/// <param name="OtherEnd">Who has the other end.</param>
/// <param name="Want">Where it says what it sleeps for; <see cref="Nothing"/> of a reader, who sleeps for any byte.</param>
/// <param name="OtherWant">Where the other side says so.</param>
internal readonly record struct StreamSide(int Own, int Other, int Wait, int OtherWait, int OtherEnd, int Want, int OtherWant)
{
    /// <summary>No word.</summary>
    public const int Nothing = -1;

    /// <summary>That of the end that reads what the other end writes.</summary>
    public static StreamSide Reader(int end)
    {
        int direction = 1 - end;
        return new(
            StreamWord.Read(direction), StreamWord.Written(direction), StreamWord.ReaderWait(direction), StreamWord.WriterWait(direction),
            StreamWord.End(1 - end), Nothing, StreamWord.WriterWant(direction));
    }

    /// <summary>That of the end that writes.</summary>
    public static StreamSide Writer(int end) => new(
        StreamWord.Written(end), StreamWord.Read(end), StreamWord.WriterWait(end), StreamWord.ReaderWait(end), StreamWord.End(1 - end),
        StreamWord.WriterWant(end), Nothing);
}
