namespace Isthmus.Tests.Explorer;

/// <content>What is explored.</content>
internal sealed partial class QueueSubject
{
    public static Suite Suite
    {
        get
        {
            QueueSubject one = new(), joining = new(joins: true);
            return new Suite(
                "queue (one consumer)",
                Whole:
                [
                    new Scenario(one, [one.Producer(3)], [one.Consumer]) { Crashes = 1 },
                    new Scenario(one, [one.Producer(2)], [one.Consumer with { Waiters = Waiters.Bells }]) { HasSpuriousWakes = false },
                    new Scenario(one, [one.Closer], [one.Consumer]) { HasSpuriousWakes = false },
                    new Scenario(joining, [joining.Newcomer(2)], [joining.Joiner(1)])
                    {
                        Crashes = 1, Occupant = joining.Joiner(2), HasSpuriousWakes = false,
                    },
                ],
                Sampled:
                [
                    new Scenario(one, [one.Producer(6)], [one.Consumer]) { Crashes = 1, Spins = 1 },
                    new Scenario(joining, [joining.Newcomer(4)], [joining.Joiner(2)], [joining.Newcomer(3)], [joining.Joiner(4)])
                    {
                        Crashes = 3, Occupant = joining.Joiner(3),
                    },
                ]);
        }
    }

    public static Suite ClaimingSuite
    {
        get
        {
            // In a roomy one messages come one after the other, whatever has become of the first.
            QueueSubject two = new(consumers: 2), roomy = new(consumers: 2, capacity: 64), three = new(consumers: 3, capacity: 64);
            QueueSubject joining = new(consumers: 2, joins: true), dropping = new(dropsOldest: true, capacity: 64);
            return new Suite(
                "queue (several consumers)",
                Whole:
                [
                    new Scenario(two, [two.Producer(2)], [two.Consumer], [two.Consumer]) { HasSpuriousWakes = false },
                    new Scenario(two, [two.Producer(2)], [two.Consumer], [two.TimedConsumer]) { HasSpuriousWakes = false },
                    new Scenario(roomy, [roomy.Producer(2)], [roomy.Consumer], [roomy.BusyConsumer]) { HasSpuriousWakes = false },
                    new Scenario(two, [two.Producer(2)], [two.Consumer], [two.Consumer with { Waiters = Waiters.Bells }])
                    {
                        Crashes = 1, HasSpuriousWakes = false,
                    },
                    new Scenario(roomy, [roomy.Producer(3)], [roomy.StoppedConsumer], [roomy.Consumer]) { HasSpuriousWakes = false },
                    new Scenario(dropping, [dropping.Dropper(4)], [dropping.Consumer]) { Crashes = 1, HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(two, [two.Producer(6)], [two.Consumer], [two.Consumer with { Waiters = Waiters.Bells }]) { Crashes = 2, Spins = 1 },
                    new Scenario(three, [three.Producer(6)], [three.Consumer], [three.BusyConsumer], [three.TimedConsumer]) { Crashes = 1, Spins = 1 },
                    new Scenario(three, [three.Producer(6)], [three.StoppedConsumer], [three.Consumer], [three.TimedConsumer]) { Spins = 1 },
                    new Scenario(joining, [joining.Newcomer(4)], [joining.Joiner(2)], [joining.Joiner(3)], [joining.Newcomer(3)])
                    {
                        Crashes = 3, Occupant = joining.Joiner(3),
                    },
                    new Scenario(dropping, [dropping.Dropper(7)], [dropping.Consumer]) { Crashes = 1 },
                ]);
        }
    }

    /// <summary>Two producers, and more words than the weakest memory has room for.</summary>
    public static Scenario TwoLanes
    {
        get
        {
            QueueSubject many = new(producers: 2, consumers: 2);
            Routine bells = many.Consumer with { Waiters = Waiters.Bells };
            return new Scenario(many, [many.Producer(4)], [many.Producer(4)], [many.Consumer], [bells]) { Crashes = 2, Spins = 1 };
        }
    }

    /// <summary>Two producers; of their consumers one is stopped when it is woken, and one is busy for ever with its first message.</summary>
    public static Scenario TwoLanesAndOneStopped
    {
        get
        {
            QueueSubject many = new(producers: 2, consumers: 3, capacity: 64);
            return new Scenario(many, [many.Producer(3)], [many.Producer(3)], [many.StoppedConsumer], [many.BusyConsumer], [many.Consumer]);
        }
    }

    /// <summary>Two producers, one of which is stopped when it is going to wake the only consumer.</summary>
    public static Scenario StoppedWaker(QueueFault? planted = null)
    {
        QueueSubject one = new(producers: 2, capacity: 64, acknowledges: true, planted: planted);
        return new Scenario(one, [one.StoppedProducer], [one.Producer(2)], [one.Consumer]);
    }

    public static Suite AcknowledgingSuite
    {
        get
        {
            QueueSubject one = new(acknowledges: true), two = new(consumers: 2, capacity: 64, acknowledges: true);
            QueueSubject joining = new(consumers: 2, acknowledges: true, joins: true);
            return new Suite(
                "queue (acknowledged)",
                Whole:
                [
                    new Scenario(one, [one.Producer(2)], [one.Returner]) { HasSpuriousWakes = false },
                    new Scenario(two, [two.Producer(2)], [two.Consumer], [two.Consumer]) { Crashes = 1, HasSpuriousWakes = false },
                    new Scenario(joining, [joining.Newcomer(1)], [joining.Joiner(1)])
                    {
                        Crashes = 1, Occupant = joining.Joiner(1), HasSpuriousWakes = false,
                    },
                ],
                Sampled:
                [
                    new Scenario(two, [two.Producer(5)], [two.Consumer], [two.Returner]) { Crashes = 1, Spins = 1 },
                    new Scenario(joining, [joining.Newcomer(3)], [joining.Joiner(2)], [joining.Joiner(3)], [joining.Newcomer(3)])
                    {
                        Crashes = 3, Occupant = joining.Joiner(3),
                    },
                ]);
        }
    }
}
