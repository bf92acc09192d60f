namespace Isthmus.Tests.Linearizability;

public sealed class RecordedHistoryTests
{
    [Theory]
    [InlineData("mutex")]
    public void History_of_four_processes_is_linearizable(string kind)
    {
        using HistoryRecorder recorder = new(kind, processes: 4);
        recorder.Check(histories: 5, operations: 250);
    }
}
