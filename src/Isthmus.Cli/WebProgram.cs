namespace Isthmus.Cli;

/// <summary>Finds the program that serves the page: it is built and installed by itself, so that the tool stays free of it.</summary>
internal static class WebProgram
{
    private const string Variable = "ISTHMUS_WEB";
    private const string Name = "Isthmus.Web";
    private const string ToolName = "isthmus-web";

    /// <exception cref="CliException">It is not here.</exception>
    public static string Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            return File.Exists(chosen) ? chosen : throw new CliException($"{Variable} names '{chosen}', which is not there (ENOENT).", ExitCode.System);
        }
        return Places().FirstOrDefault(File.Exists) ?? throw new CliException(
            $"The page is a program of its own, {Name}, which is not here (ENOENT). In a checkout: dotnet build src/{Name}; "
            + $"else: dotnet tool install --global {Name}; or let {Variable} name it.",
            ExitCode.System);
    }

    // Beside the tool; in a checkout, where artifacts/bin/PROJECT/CONFIGURATION is built; installed as a tool itself.
    private static IEnumerable<string> Places() =>
    [
        Path.Combine(AppContext.BaseDirectory, Name),
        Path.GetFullPath(
            Path.Combine("../..", Name, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), Name), AppContext.BaseDirectory),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, ToolName)),
    ];
}
