using System.Globalization;

namespace Isthmus;

/// <summary>What this machine allows for System V semaphores (<c>/proc/sys/kernel/sem</c>): limits of the ipc namespace.</summary>
/// <param name="MaxPerSet">How many semaphores a set may have (<c>SEMMSL</c>).</param>
/// <param name="MaxSemaphores">How many there may be in all sets (<c>SEMMNS</c>).</param>
/// <param name="MaxOperations">How many operations one call may do (<c>SEMOPM</c>).</param>
/// <param name="MaxSets">How many sets there may be (<c>SEMMNI</c>).</param>
public sealed record SystemVSemaphoreLimits(int MaxPerSet, int MaxSemaphores, int MaxOperations, int MaxSets)
{
    private const string Source = "/proc/sys/kernel/sem";

    /// <summary>Reads them; where the system does not show them, these are the kernel's own defaults.</summary>
    public static SystemVSemaphoreLimits Read()
    {
        int[] numbers = ReadNumbers();
        return numbers.Length >= 4 ? new(numbers[0], numbers[1], numbers[2], numbers[3]) : new(32000, 1024000000, 500, 32000);
    }

    private static int[] ReadNumbers()
    {
        try
        {
            string[] words = File.ReadAllText(Source).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return [.. words.Select(word => int.TryParse(word, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
