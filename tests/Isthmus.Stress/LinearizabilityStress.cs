namespace Isthmus.Stress;

/// <summary>
/// Many histories of four processes that use one shared object, each checked for linearizability: <c>linearizability --count 200</c> records so many of
/// each type.
/// </summary>
internal static class LinearizabilityStress
{
    public static async Task RunAsync(int histories)
    {
        ExitStatus status = await TestProgram.RunAsync(
            ["-class", "Isthmus.Tests.Linearizability.RecordedHistoryTests"], "ISTHMUS_HISTORIES", $"{histories}");
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException("A history is not linearizable; it stands above.");
        }
        Console.WriteLine($"{histories} histories of each type, 4 processes with 250 operations each: all linearizable.");
    }
}
