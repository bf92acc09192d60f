using System.Globalization;

namespace Isthmus.Tests.Linearizability;

public sealed class RecordedHistoryTests
{
    // More of them are asked for by the second tier.
    private static readonly int s_histories =
        int.TryParse(Environment.GetEnvironmentVariable("ISTHMUS_HISTORIES"), CultureInfo.InvariantCulture, out int asked) ? asked : 5;

    [Theory]
    [InlineData("mutex")]
    [InlineData("semaphore")]
    [InlineData("semaphore-tracked")]
    [InlineData("rwlock")]
    [InlineData("event")]
    [InlineData("value")]
    public void History_of_four_processes_is_linearizable(string kind)
    {
        using HistoryRecorder recorder = new(kind, processes: 4);
        recorder.Check(s_histories, operations: 250);
    }
}
