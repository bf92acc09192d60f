namespace Isthmus.Stress;

/// <summary>
/// The test suite, or what a filter chooses of it, under a storm of signals that interrupt system calls: EINTR never shows.
/// <c>storm --count 1000 -namespace Isthmus.Tests.Pipes</c> sends 1,000 a second, to the tests and to each of their children. The
/// tests are those of the same configuration (Release, Debug).
/// </summary>
internal static class StormStress
{
    public static async Task RunAsync(int signalsPerSecond, string[] filter)
    {
        ExitStatus status = await TestProgram.RunAsync(filter, "ISTHMUS_STORM", $"{signalsPerSecond}");
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException($"Under {signalsPerSecond} signals a second tests fail ({status}) that pass without.");
        }
    }
}
