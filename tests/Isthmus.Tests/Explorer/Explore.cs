namespace Isthmus.Tests.Explorer;

/// <summary>
/// The explorer: runs operations on simulated memory, chooses the order of everything, and looks for an order in which a promise breaks.
/// </summary>
/// <remarks>
/// <para>To explore a primitive, write a <see cref="Subject"/> (see <see cref="MutexSubject"/>):</para>
/// <list type="number">
/// <item>Declare its words in the constructor: <c>Word(MutexWord.Word, "owner")</c>, and those of each slot's line: <c>SlotWord(0, "held")</c>.</item>
/// <item><see cref="Subject.Recovery"/>: what survivors run for a dead slot, and the next occupant before anything else.</item>
/// <item>An <see cref="Instruction"/> for each operation. Its second lambda is called together with the operation's last step, checks the outcome
/// and moves the ghosts: <c>Instruction.Run(me => new XEnter(me.Slot, me.Waiters), (me, enter) => me.Check(enter.Entered, "..."))</c>.
/// <see cref="Instruction.Timed"/>: its wait may be ended at any time.</item>
/// <item>What must hold: <see cref="Subject.CheckAlways"/> after each move, <see cref="Subject.CheckAtRest"/> in the end, <see cref="Subject.Crashed"/> to
/// note what a death takes along, <see cref="Subject.MayRest"/> for who may wait for ever. A word is looked at with <see cref="World.Peek"/>.</item>
/// </list>
/// <para>
/// Then a <see cref="Scenario"/> says who does what and what may happen to them, and one of the methods here tries it. Those that stand for the primitive
/// go into a <see cref="Suite"/>, which is added to <see cref="Suites"/> and tested by a class derived from <c>SuiteTests</c>.
/// </para>
/// <code>
/// Routine worker = new("worker", subject.Enter, subject.Exit) { Rounds = 2 };
/// Exploration all = Explore.All(new Scenario(subject, [worker], [worker]) { Crashes = 1, Occupant = worker });
/// Assert.Null(all.Violation);
/// </code>
/// <para>
/// A violation has the trace and the schedule, which <see cref="Replay"/> runs again. Without being asked to, the explorer checks that a step
/// has one effect, touches declared words only and does not throw, and that nobody runs for ever alone, sleeps for ever, or waits after its wait was
/// ended.
/// </para>
/// <para>
/// What can happen at any time: a step of any thread (a pause is that it has none), a store that becomes visible, a wake for no reason, the end of a
/// timed wait, a death, the taking of a free slot. After a death each survivor recovers, at any later time, even after the slot was taken. A wake
/// chooses among the sleepers; who waits for a bell is tried as the library's driver does it. How memory behaves: <see cref="MemoryOrder"/>.
/// </para>
/// </remarks>
internal static class Explore
{
    /// <summary>Tries everything that can happen, each state once.</summary>
    /// <param name="scenario">What.</param>
    /// <param name="statesMax">The most states; more are not tried.</param>
    public static Exploration All(Scenario scenario, int statesMax = 100_000_000) => new ExhaustiveSearch(scenario, statesMax).Run();

    /// <summary>Tries some of it, by chance, where there is too much for <see cref="All"/>.</summary>
    /// <param name="scenario">What.</param>
    /// <param name="schedules">How often from the beginning.</param>
    /// <param name="seed">Of the first; the next has the next. The same seed gives the same schedule.</param>
    public static Exploration Some(Scenario scenario, int schedules, int seed = 1) => new RandomSearch(scenario).Run(schedules, seed);

    /// <summary>Runs a schedule again.</summary>
    /// <returns>What it breaks; null when it breaks nothing.</returns>
    public static Violation? Replay(Scenario scenario, string schedule) => Replays.Run(scenario, Schedule.Parse(schedule));
}
