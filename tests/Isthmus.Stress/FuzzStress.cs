namespace Isthmus.Stress;

/// <summary>So many mutated streams are opened and used: <c>fuzz --count 1000000</c>.</summary>
internal static class FuzzStress
{
    public static async Task RunAsync(int mutations)
    {
        ExitStatus status = await TestProgram.RunAsync(["-class", "Isthmus.Tests.Channels.StreamFuzzTests"], "ISTHMUS_MUTATIONS", $"{mutations}");
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException("A mutated segment has done harm; it stands above.");
        }
        Console.WriteLine($"{mutations} mutated streams were opened and used: each was refused, ended with a documented error, or worked.");
    }
}
