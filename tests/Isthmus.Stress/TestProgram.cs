namespace Isthmus.Stress;

/// <summary>The program of the first tier, run with more to do than in every test run. It is that of the same configuration (Release, Debug).</summary>
internal static class TestProgram
{
    /// <summary>Runs it.</summary>
    /// <param name="arguments">What the runner of xunit takes, such as <c>-class NAME</c>.</param>
    /// <param name="variable">What is added to the environment.</param>
    /// <param name="value">Its value.</param>
    public static async Task<ExitStatus> RunAsync(IEnumerable<string> arguments, string variable, string value)
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string program = Path.GetFullPath($"../../Isthmus.Tests/{configuration}/Isthmus.Tests", AppContext.BaseDirectory);
        using ChildProcess tests = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = program,
            Arguments = ["-noColor", .. arguments],
            Environment = new Dictionary<string, string?> { [variable] = value },
        });
        return await tests.WaitAsync();
    }
}
