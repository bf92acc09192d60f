namespace Isthmus.Stress;

/// <summary>The same crash on one object so many times, for each type: <c>crashes --count 10000</c>.</summary>
internal static class CrashStress
{
    public static async Task RunAsync(int crashes)
    {
        ExitStatus status = await TestProgram.RunAsync(["-class", "Isthmus.Tests.Synchronization.SameCrashTests"], "ISTHMUS_CRASHES", $"{crashes}");
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException("A crash has taken something for good; it stands above.");
        }
        Console.WriteLine($"{crashes} crashes of each kind on one object each: all came back each time.");
    }
}
