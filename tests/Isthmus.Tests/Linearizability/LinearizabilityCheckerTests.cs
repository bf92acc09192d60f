namespace Isthmus.Tests.Linearizability;

/// <summary>Histories that are known to be good or bad: the checker tells them apart.</summary>
public sealed class LinearizabilityCheckerTests
{
    [Fact]
    public void Sequential_use_of_a_mutex_is_good() => Assert.True(Check(
        new MutexModel(), new(0, 1, 2, "enter", 0, 1), new(0, 3, 4, "exit", 0, 0), new(1, 5, 6, "enter", 0, 1), new(1, 7, 8, "exit", 0, 0)));

    [Fact]
    public void Entry_that_waited_for_the_exit_is_good() => Assert.True(Check(
        new MutexModel(), new(0, 1, 2, "enter", 0, 1), new(1, 3, 6, "enter", 0, 1), new(0, 4, 5, "exit", 0, 0)));

    [Fact]
    public void Two_in_a_mutex_are_bad() => Assert.False(Check(
        new MutexModel(), new(0, 1, 2, "enter", 0, 1), new(1, 3, 4, "enter", 0, 1), new(0, 5, 6, "exit", 0, 0)));

    [Fact]
    public void Failed_try_of_a_free_mutex_is_bad() => Assert.False(Check(
        new MutexModel(), new(0, 1, 2, "enter", 0, 1), new(0, 3, 4, "exit", 0, 0), new(1, 5, 6, "enter", 0, 0)));

    [Fact]
    public void Failed_try_while_the_exit_is_under_way_is_good() => Assert.True(Check(
        new MutexModel(), new(0, 1, 2, "enter", 0, 1), new(0, 3, 8, "exit", 0, 0), new(1, 5, 6, "enter", 0, 0)));

    [Fact]
    public void More_permits_than_there_are_is_bad() => Assert.False(Check(
        new SemaphoreModel(1), new(0, 1, 2, "acquire", 0, 1), new(1, 1, 3, "acquire", 0, 1)));

    [Fact]
    public void Permit_acquired_as_it_is_released_is_good() => Assert.True(Check(
        new SemaphoreModel(0), new(0, 1, 5, "acquire", 0, 1), new(1, 2, 3, "release", 0, 0)));

    [Fact]
    public void Reader_beside_a_writer_is_bad() => Assert.False(Check(
        new ReaderWriterModel(), new(0, 1, 2, "enter-write", 0, 0), new(1, 3, 4, "enter-read", 0, 0), new(0, 5, 6, "exit-write", 0, 0)));

    [Fact]
    public void Readers_together_are_good() => Assert.True(Check(
        new ReaderWriterModel(), new(0, 1, 2, "enter-read", 0, 0), new(1, 3, 4, "enter-read", 0, 0), new(0, 5, 6, "exit-read", 0, 0)));

    [Fact]
    public void Two_waits_for_one_set_are_bad() => Assert.False(Check(
        new AutoEventModel(), new(0, 1, 2, "set", 0, 0), new(1, 3, 4, "wait", 0, 1), new(2, 3, 5, "wait", 0, 1)));

    [Fact]
    public void Old_value_after_a_new_one_was_read_is_bad() => Assert.False(Check(
        new ValueModel(), new(0, 1, 9, "write", 7, 0), new(1, 2, 3, "read", 0, 7), new(1, 4, 5, "read", 0, 0)));

    [Fact]
    public void Either_value_while_it_is_written_is_good() => Assert.True(Check(
        new ValueModel(), new(0, 1, 9, "write", 7, 0), new(1, 2, 3, "read", 0, 0), new(1, 4, 5, "read", 0, 7)));

    [Fact]
    public void One_wrong_answer_in_a_long_history_is_found()
    {
        List<HistoryEvent> history = [];
        Random random = new(1);
        long count = 3;
        for (int i = 0; i < 1000; i++)
        {
            // One after the other, but each known only as somewhere in the time of four.
            bool acquires = random.Next(2) == 0;
            long result = acquires ? Math.Min(count, 1) : count;
            history.Add(new(i % 4, (i * 10) - 15, (i * 10) + 15, acquires ? "acquire" : "release", 0, result));
            count += acquires ? -result : 1;
        }
        Assert.True(LinearizabilityChecker.IsLinearizable(new SemaphoreModel(3), history));
        int wrong = history.FindIndex(500, each => each is { Operation: "acquire", Result: 1 });
        history[wrong] = history[wrong] with { Result = 0 };
        Assert.False(LinearizabilityChecker.IsLinearizable(new SemaphoreModel(3), history));
    }

    private static bool Check(ISequentialModel model, params HistoryEvent[] history) => LinearizabilityChecker.IsLinearizable(model, history);
}
