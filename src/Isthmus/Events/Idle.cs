namespace Isthmus;

/// <summary>
/// Objects of a type that nobody uses just now, to be used again by whichever thread needs one. When there are enough, the garbage collector gets the
/// rest.
/// </summary>
internal static class Idle<T>
    where T : class
{
    private const int Most = 16;

    private static readonly T?[] s_objects = new T?[Most];

    /// <summary>One that nobody uses any more, if there is one. Several threads never get the same.</summary>
    public static T? Take()
    {
        for (int index = 0; index < Most; index++)
        {
            if (Volatile.Read(ref s_objects[index]) is not null && Interlocked.Exchange(ref s_objects[index], null) is { } idle)
            {
                return idle;
            }
        }
        return null;
    }

    /// <summary>Keeps one that the caller does not use any more.</summary>
    public static void Keep(T idle)
    {
        for (int index = 0; index < Most; index++)
        {
            if (Volatile.Read(ref s_objects[index]) is null && Interlocked.CompareExchange(ref s_objects[index], idle, null) is null)
            {
                return;
            }
        }
    }
}
