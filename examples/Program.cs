using System.Reflection;

namespace Isthmus.Examples;

/// <summary>Runs an example by its name: <c>dotnet run --project examples -- EventFd</c>; lists them without one.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        Type[] examples = [.. typeof(Program).Assembly.GetTypes().Where(type => type.Name.EndsWith("Example", StringComparison.Ordinal))];
        Type? chosen = examples.SingleOrDefault(type => args is [string name, ..] && type.Name == name + "Example");
        if (chosen is null)
        {
            Console.WriteLine("Examples: " + string.Join(' ', examples.Select(type => type.Name[..^"Example".Length]).Order(StringComparer.Ordinal)));
            return args.Length == 0 ? 0 : 2;
        }
        MethodInfo run = chosen.GetMethod("RunAsync", BindingFlags.Static | BindingFlags.Public)!;
        await run.CreateDelegate<Func<Task>>()();
        return 0;
    }
}
