using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// One operation on one semaphore of a <see cref="SystemVSemaphoreSet"/>; several are done together or not at all. The default value waits
/// for zero of the first semaphore.
/// </summary>
public readonly record struct SemaphoreOperation
{
    private SemaphoreOperation(int index, int change, SemaphoreUndo undo)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, ushort.MaxValue);
        Index = index;
        Change = change;
        Undo = undo;
    }

    /// <summary>Which semaphore of the set, from 0.</summary>
    public int Index { get; }

    /// <summary>What is added to its value: below 0 to acquire, above to release, 0 to wait until the value is 0.</summary>
    public int Change { get; }

    /// <summary>Whether the kernel takes the change back when the process ends.</summary>
    public SemaphoreUndo Undo { get; }

    /// <summary>Takes units; waits while there are not as many.</summary>
    /// <param name="index">Which semaphore of the set, from 0.</param>
    /// <param name="units">How many, 1 to <see cref="SystemVSemaphoreSet.ValueMax"/>.</param>
    /// <param name="undo">Whether they are given back when this process ends.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or not so many units can be.</exception>
    public static SemaphoreOperation Acquire(int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None) =>
        new(index, -Checked(units), undo);

    /// <summary>Gives units. Never waits.</summary>
    /// <param name="index">Which semaphore of the set, from 0.</param>
    /// <param name="units">How many, 1 to <see cref="SystemVSemaphoreSet.ValueMax"/>.</param>
    /// <param name="undo">Whether they are taken away again when this process ends.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or not so many units can be.</exception>
    public static SemaphoreOperation Release(int index, int units = 1, SemaphoreUndo undo = SemaphoreUndo.None) =>
        new(index, Checked(units), undo);

    /// <summary>Waits until the value is 0. Changes nothing.</summary>
    /// <param name="index">Which semaphore of the set, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static SemaphoreOperation WaitForZero(int index) => new(index, 0, SemaphoreUndo.None);

    internal LibC.sembuf ToNative(int flags) => new()
    {
        sem_num = (ushort)Index,
        sem_op = (short)Change,
        sem_flg = (short)(flags | (Undo == SemaphoreUndo.AtExit ? LibC.SEM_UNDO : 0)),
    };

    private static int Checked(int units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, SystemVSemaphoreSet.ValueMax);
        return units;
    }
}
