namespace Isthmus;

/// <summary>What an object was made with, as it stands in its segment: somebody else wrote it.</summary>
internal static class SegmentSetup
{
    /// <summary>Makes the object of a segment; when that fails, the segment is left again.</summary>
    public static T Make<T>(Segment segment, Func<Segment, T> make)
    {
        try
        {
            return make(segment);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>A number of the setup, within its bounds.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static int Read(Segment segment, int index, int least, int most, string what)
    {
        ulong value = segment.Config(index);
        return value >= (ulong)least && value <= (ulong)most
            ? (int)value
            : throw new InvalidDataException($"{segment} is damaged: its {what} is {value}, and must be {least} to {most}.");
    }

    /// <summary>Refuses an object that exists already and was made differently.</summary>
    /// <exception cref="InvalidDataException">It was.</exception>
    public static void Require<T>(SharedObject found, T has, T wanted, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(has, wanted))
        {
            string message = $"{found} exists with {what} {has}, and {wanted} was asked for.";
            found.Dispose();
            throw new InvalidDataException(message);
        }
    }
}
