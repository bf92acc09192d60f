namespace Isthmus.Tests.Explorer;

/// <summary>The counter. Promise: nothing that was added is lost.</summary>
internal sealed class CounterSubject : Subject
{
    // Ghost: how much was added.
    private const int Added = 0;

    public CounterSubject() => Word(CounterWord.Word, "counter");

    public static Suite Suite
    {
        get
        {
            CounterSubject counter = new();
            Routine adder = counter.Adder with { Rounds = 2 };
            return new Suite(
                "counter",
                Whole: [new Scenario(counter, [adder], [adder]) { Crashes = 1, Occupant = counter.Adder }],
                Sampled: [new Scenario(counter, [adder], [adder, adder], [adder], []) { Crashes = 2, Occupant = adder }]);
        }
    }

    public Instruction Add { get; init; } = Instruction.Run(
        me => new ChangeWord<CounterAdd>(new CounterAdd(1)), (me, add) => me.World.Ghost(Added)++);

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new WakeRecovery(CounterWord.Word));

    public override int Ghosts => 1;

    public Routine Adder => new("adder", Add);

    public override void CheckAlways(World world)
    {
        if (world.Peek(CounterWord.Word) != world.Ghost(Added))
        {
            world.Fail("something that was added is not there");
        }
    }
}
