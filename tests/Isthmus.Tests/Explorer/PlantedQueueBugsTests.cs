namespace Isthmus.Tests.Explorer;

/// <summary>The explorer finds each bug that is planted in the queue.</summary>
public sealed class PlantedQueueBugsTests(ITestOutputHelper output)
{
    [Fact]
    public void Message_that_is_written_after_its_header()
    {
        QueueSubject queue = new() { PublishesFirst = true };
        AssertFinds(new Scenario(queue, [queue.Producer(2)], [queue.Consumer]), "read");
    }

    [Fact]
    public void Header_after_which_there_is_no_0()
    {
        QueueSubject queue = new(planted: new(typeof(QueuePublish), SeamFault.StoresNoZero));
        AssertFinds(new Scenario(queue, [queue.Producer(4)], [queue.Consumer]), "damaged");
    }

    [Fact]
    public void Receiver_that_sleeps_without_a_fence()
    {
        QueueSubject queue = new(planted: new(typeof(QueueArrival), SeamFault.SleepsUnfenced));
        AssertFinds(new Scenario(queue, [queue.Producer(2)], [queue.Consumer]) { Order = MemoryOrder.StoreBuffers }, "sleeps for ever");
    }

    [Fact]
    public void Sender_that_sleeps_without_a_fence()
    {
        QueueSubject queue = new(planted: new(typeof(QueueRoom), SeamFault.SleepsUnfenced));
        AssertFinds(new Scenario(queue, [queue.Producer(3)], [queue.Consumer]) { Order = MemoryOrder.StoreBuffers }, "sleeps for ever");
    }

    [Fact]
    public void Publication_that_wakes_nobody()
    {
        QueueSubject queue = new(planted: new(typeof(QueuePublish), SeamFault.DropsWakes));
        AssertFinds(new Scenario(queue, [queue.Producer(2)], [queue.Consumer]), "sleeps for ever");
    }

    [Fact]
    public void Loan_that_ends_and_wakes_nobody()
    {
        QueueSubject queue = new(planted: new(typeof(QueueFinish), SeamFault.DropsWakes));
        AssertFinds(new Scenario(queue, [queue.Producer(3)], [queue.Consumer]), "sleeps for ever");
    }

    [Fact]
    public void Message_that_is_claimed_without_comparing()
    {
        QueueSubject queue = new(consumers: 2, planted: new(typeof(QueueClaim), SeamFault.StoresInstead));
        AssertFinds(new Scenario(queue, [queue.Producer(2)], [queue.Consumer], [queue.Consumer]), "");
    }

    [Fact]
    public void Woken_consumer_that_does_not_pass_the_wake_on()
    {
        QueueSubject queue = new(consumers: 3) { KeepsWakes = true };
        AssertFinds(new Scenario(queue, [queue.Producer(4)], [queue.Consumer], [queue.Consumer], [queue.TimedConsumer]), "sleeps for ever");
    }

    [Fact]
    public void Wake_of_one_that_takes_the_flag_of_all_and_hits_somebody_who_is_stopped()
    {
        QueueSubject queue = new(consumers: 2, capacity: 64, planted: new(typeof(QueuePublish), SeamFault.WaitsUnannounced));
        AssertFinds(new Scenario(queue, [queue.Producer(3)], [queue.StoppedConsumer], [queue.Consumer]), "sleeps for ever");
    }

    [Fact]
    public void Wake_before_which_the_flag_is_gone_already()
    {
        AssertFinds(QueueSubject.StoppedWaker(new(typeof(Stopped<QueuePublish>), SeamFault.WaitsUnannounced)), "sleeps for ever");
    }

    [Fact]
    public void Flag_that_is_taken_out_although_it_was_left_anew()
    {
        QueueSubject queue = new(consumers: 2, capacity: 64, planted: new(typeof(QueuePublish), SeamFault.ClearsBlindly));
        AssertFinds(new Scenario(queue, [queue.Producer(3)], [queue.Consumer], [queue.Consumer]), "sleeps for ever");
    }

    [Fact]
    public void Signal_that_is_raised_without_comparing()
    {
        QueueSubject queue = new(consumers: 2, capacity: 64, planted: new(typeof(QueuePublish), SeamFault.StoresInstead));
        AssertFinds(new Scenario(queue, [queue.Producer(3)], [queue.Consumer], [queue.Consumer]), "sleeps for ever");
    }

    [Fact]
    public void Recovery_that_repairs_by_storing()
    {
        QueueSubject queue = new(consumers: 2, planted: new(typeof(QueueRecovery), SeamFault.StoresInstead));
        AssertFinds(new Scenario(queue, [queue.Producer(3)], [queue.Consumer], [queue.Consumer]) { Crashes = 1 }, "");
    }

    [Fact]
    public void Recovery_that_asks_nobody_whether_the_dead_are_dead()
    {
        QueueSubject queue = new(joins: true, planted: new(typeof(QueueRecovery), SeamFault.TrustsNoProof));
        AssertFinds(new Scenario(queue, [queue.Newcomer(3)], [queue.Joiner(3)]) { Crashes = 1, Occupant = queue.Joiner(3) }, "");
    }

    private void AssertFinds(Scenario scenario, string promise)
    {
        Violation? violation = Explore.All(scenario with { HasSpuriousWakes = false }, 300_000).Violation ?? Explore.Some(scenario, 20_000).Violation;
        output.WriteLine($"{violation}");
        Assert.NotNull(violation);
        Assert.Contains(promise, violation.Message);
    }
}
