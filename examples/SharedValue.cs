namespace Isthmus.Examples;

internal static class SharedValueExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedValue<(double Latitude, double Longitude)> position = SharedValue<(double, double)>.Create(name, (52.52, 13.40));
        try
        {
            // Usually another process, which knows the name.
            using SharedValue<(double Latitude, double Longitude)> theirs = SharedValue<(double, double)>.Open(name);
            SharedValueReading<(double Latitude, double Longitude)> seen = theirs.ReadVersion();
            Console.WriteLine(FormattableString.Invariant($"version {seen.Version}: {seen.Value.Latitude:F2} {seen.Value.Longitude:F2}"));

            ValueTask<SharedValueReading<(double Latitude, double Longitude)>> newer = theirs.WaitForNewerAsync(seen.Version);
            position.Write((48.86, 2.35));
            position.Update(old => (old.Latitude + 1, old.Longitude)); // Nobody else writes between reading and writing.
            seen = await newer; // This one or one after: what came between may be missed, what is read is whole.
            Console.WriteLine($"newer: {seen.Version > 0}");
            Console.WriteLine(FormattableString.Invariant($"version {theirs.Version}: {theirs.Read().Latitude:F2}"));
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// version 0: 52.52 13.40
// newer: True
// version 2: 49.86
