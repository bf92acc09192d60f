using Isthmus.Native;

namespace Isthmus;

// Values, and who waits for them (semctl(2)).
public sealed partial class SystemVSemaphoreSet
{
    /// <summary>The value of one semaphore a moment ago. Takes the permission to read.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set, or no semaphore with that index.</exception>
    public int GetValue(int index) => SystemVSemaphoreCall.Control(Id, index, LibC.GETVAL);

    /// <summary>
    /// Sets the value of one semaphore, whoever holds units of it; those who can go on then, go on. What any process had to undo on it is
    /// forgotten. Takes the permission to write.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not 0 to <see cref="ValueMax"/> (<c>ERANGE</c>).</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set, or no semaphore with that index.</exception>
    public void SetValue(int index, int value) => SystemVSemaphoreCall.Control(Id, index, LibC.SETVAL, CheckedValue(value));

    /// <summary>The values of all semaphores, of one moment. Takes the permission to read.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    public int[] GetValues()
    {
        ushort[] values = new ushort[Count];
        SystemVSemaphoreCall.Values(Id, LibC.GETALL, values);
        return Array.ConvertAll(values, value => (int)value);
    }

    /// <summary>Sets the values of all semaphores at once; as <see cref="SetValue"/>. Takes the permission to read and to write.</summary>
    /// <param name="values">As many as the set has semaphores.</param>
    /// <exception cref="ArgumentException">There are not as many, or one is not 0 to <see cref="ValueMax"/> (<c>ERANGE</c>).</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set.</exception>
    public void SetValues(params ReadOnlySpan<int> values) =>
        SystemVSemaphoreCall.Values(Id, LibC.SETALL, NativeValues(values, Count));

    /// <summary>Looks at one semaphore: its value, who changed it last, how many wait. Takes the permission to read.</summary>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>: there is no such set, or no semaphore with that index.</exception>
    public SystemVSemaphoreStatus StatSemaphore(int index) => new(
        index,
        SystemVSemaphoreCall.Control(Id, index, LibC.GETVAL),
        SystemVSemaphoreCall.Control(Id, index, LibC.GETPID),
        SystemVSemaphoreCall.Control(Id, index, LibC.GETNCNT),
        SystemVSemaphoreCall.Control(Id, index, LibC.GETZCNT));

    // The kernel reads as many as the set has, however many there are.
    private static ushort[] NativeValues(ReadOnlySpan<int> values, int count)
    {
        if (values.Length != count)
        {
            throw new ArgumentException($"There are {values.Length} values for {count} semaphores.", nameof(values));
        }
        ushort[] native = new ushort[count];
        for (int i = 0; i < count; i++)
        {
            native[i] = (ushort)CheckedValue(values[i]);
        }
        return native;
    }

    private static int CheckedValue(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, ValueMax);
        return value;
    }
}
