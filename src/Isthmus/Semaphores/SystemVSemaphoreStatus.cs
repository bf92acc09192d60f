namespace Isthmus;

/// <summary>One semaphore of a set. The numbers are read one after the other, and may belong to different moments.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Value">How many units there are.</param>
/// <param name="LastProcessId">Who operated on it or set it last; the process may be gone, and its number another's. 0 for nobody.</param>
/// <param name="WaitingForUnits">How many threads wait for units.</param>
/// <param name="WaitingForZero">How many threads wait for zero.</param>
public readonly record struct SystemVSemaphoreStatus(int Index, int Value, int LastProcessId, int WaitingForUnits, int WaitingForZero);
