using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// The account of something that only one may have at a time, kept by those who have it: who is inside, and a number that each raises by plain
/// loads and stores. It adds up to the last one whoever is killed where: who comes next sees in the record of the dead what it was about to do.
/// </summary>
/// <param name="ledger">The accounts.</param>
/// <param name="first">The first of its three shared words.</param>
internal readonly struct ExclusiveAccount(Ledger ledger, int first)
{
    public const int Words = 3;

    // In a record: how often it has raised the number, doubled, and one more while it does; what it raises it to; whether a successor found it raised.
    private const int Progress = 0, Target = 1, Credit = 2;

    private ref long Inside => ref ledger.Shared(first);

    private ref long Number => ref ledger.Shared(first + 1);

    private ref long ToldAtEdge => ref ledger.Shared(first + 2);

    /// <summary>Who is inside, or was when it was killed; 0 for nobody.</summary>
    public long Owner => Volatile.Read(ref Inside);

    /// <summary>Somebody has it now, who may not touch anything before this has returned.</summary>
    /// <param name="id">Who.</param>
    /// <param name="told">Whether it was told that an owner has died.</param>
    /// <exception cref="StressViolationException">It is not alone, or was told wrongly.</exception>
    public void Enter(long id, bool told)
    {
        long before = Owner;
        if (before != 0)
        {
            Succeed(before, told);
        }
        else if (told && ++ToldAtEdge > Volatile.Read(ref ledger.Kills))
        {
            throw Violation($"Told that an owner has died for the {ToldAtEdge}th time, and there were {ledger.Kills} kills.");
        }
    }

    /// <summary>What the dead have left is in order again, and has been declared so.</summary>
    public void Begin(long id) => Volatile.Write(ref Inside, id);

    /// <summary>Raises the number.</summary>
    /// <param name="id">By whom, who is inside.</param>
    /// <param name="meanwhile">What it does between load and store.</param>
    public void Raise(long id, Action meanwhile)
    {
        LedgerRecord record = ledger[id];
        long raised = Volatile.Read(ref Number) + 1;
        long done = record.Own(Progress);
        record.Own(Target) = raised;
        Volatile.Write(ref record.Own(Progress), done + 1);
        meanwhile();
        Volatile.Write(ref Number, raised);
        Volatile.Write(ref record.Own(Progress), done + 2);
    }

    /// <summary>Somebody who has it will give it back.</summary>
    /// <exception cref="StressViolationException">Another has been inside meanwhile.</exception>
    public void Leave(long id)
    {
        if (Owner != id)
        {
            throw Violation($"{ledger[id].ToString()} was inside, and {Describe(Owner)} came in, too.");
        }
        Volatile.Write(ref Inside, 0);
    }

    /// <summary>Sees what the dead owner has done; any number of successors may, one after the other.</summary>
    public void Settle(long dead)
    {
        LedgerRecord record = ledger[dead];
        if ((record.Own(Progress) & 1) == 0)
        {
            return;
        }
        long missing = record.Own(Target) - Number;
        record.Own(Credit) = missing switch
        {
            0 => 1,
            1 => 0,
            _ => throw Violation($"An update is lost: {record.ToString()} was raising a number to {record.Own(Target)}, and it is {Number}."),
        };
    }

    /// <summary>Nobody is there any more: all updates are there, and none was told of a death in vain.</summary>
    /// <returns>How often it was raised.</returns>
    public long Close()
    {
        if (Owner != 0)
        {
            Settle(Owner);
        }
        long updates = 0, deaths = 0;
        for (long id = 1; id <= ledger.Records; id++)
        {
            LedgerRecord record = ledger[id];
            updates += (record.Own(Progress) >> 1) + record.Own(Credit);
            deaths += record.IsKilled && record.Phase is WorkerPhase.Asking or WorkerPhase.Inside or WorkerPhase.Leaving ? 1 : 0;
        }
        if (updates != Number)
        {
            throw Violation($"{updates} updates were made, and the number is {Number}.");
        }
        return ToldAtEdge <= deaths ? updates : throw Violation(
            $"Told {ToldAtEdge} times that an owner has died that was not inside, and only {deaths} can have owned it.");
    }

    private void Succeed(long dead, bool told)
    {
        LedgerRecord record = ledger[dead];
        if (!record.IsKilled)
        {
            throw Violation($"{Describe(dead)} is inside, and another came in.");
        }
        if (!told)
        {
            throw Violation($"{Describe(dead)} was killed inside, and the next was not told.");
        }
        Settle(dead);
        record.Succeed(Stopwatch.GetTimestamp());
    }

    private string Describe(long id) => id == 0 ? "somebody who has left again" : ledger[id].ToString();

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
