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
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string program = Path.GetFullPath($"../../Isthmus.Tests/{configuration}/Isthmus.Tests", AppContext.BaseDirectory);
        using ChildProcess tests = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = program,
            Arguments = ["-noColor", .. filter],
            Environment = new Dictionary<string, string?> { ["ISTHMUS_STORM"] = $"{signalsPerSecond}" },
        });
        ExitStatus status = await tests.WaitAsync();
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException($"Under {signalsPerSecond} signals a second tests fail ({status}) that pass without.");
        }
    }
}
