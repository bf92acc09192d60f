namespace Isthmus.Tests.Harness;

internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        Storm? storm = Storm.StartIfAsked();
        if (Child.IsChild(args))
        {
            return Child.Run(args);
        }
        using LeakCheck leaks = LeakCheck.Start();
        int result = await Run(args);
        storm?.Report();
        return leaks.Passes() ? result : Math.Max(result, 1);
    }

    private static Task<int> Run(string[] args) =>
        args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
