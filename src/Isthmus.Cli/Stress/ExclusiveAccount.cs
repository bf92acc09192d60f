using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// The account of something that only one may have at a time, kept by those who have it: who is inside, and numbers that each raises by plain
/// loads and stores. They add up to the last one whoever is killed where: who comes next sees in the record of the dead what it was about to do.
/// </summary>
/// <param name="ledger">The accounts. It begins with those of this one.</param>
/// <param name="numbers">How many numbers, at most 2.</param>
/// <param name="intent">The own word of a record that is not 0 while it may own the thing; below 0 when its phase alone says so.</param>
internal readonly struct ExclusiveAccount(Ledger ledger, int numbers = 1, int intent = -1)
{
    /// <summary>The first shared word that others may use.</summary>
    public const int Words = 4;

    private const int InsideWord = 0, ToldWord = 1, FirstNumber = 2;

    // For each number in a record: how often it has raised it, doubled, and one more while it does; what it raises it to; whether a successor found
    // it raised.
    private const int Progress = 0, Target = 1, Credit = 2, WordsPerNumber = 3;

    private ref long Inside => ref ledger.Shared(InsideWord);

    private ref long ToldAtEdge => ref ledger.Shared(ToldWord);

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

    /// <summary>One of the numbers.</summary>
    public ref long Number(int index) => ref ledger.Shared(FirstNumber + index);

    /// <summary>Raises a number.</summary>
    /// <param name="id">By whom, who is inside.</param>
    /// <param name="index">Which number.</param>
    /// <param name="meanwhile">What it does between load and store.</param>
    public void Raise(long id, int index, Action meanwhile)
    {
        LedgerRecord record = ledger[id];
        ref long number = ref Number(index);
        ref long progress = ref record.Own((index * WordsPerNumber) + Progress);
        long raised = Volatile.Read(ref number) + 1;
        long done = progress;
        record.Own((index * WordsPerNumber) + Target) = raised;
        Volatile.Write(ref progress, done + 1);
        meanwhile();
        Volatile.Write(ref number, raised);
        Volatile.Write(ref progress, done + 2);
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
        for (int index = 0; index < numbers; index++)
        {
            Settle(ledger[dead], index);
        }
    }

    /// <summary>Nobody is there any more: all updates are there, and none was told of a death in vain.</summary>
    /// <returns>How often something was raised.</returns>
    public long Close()
    {
        if (Owner != 0)
        {
            Settle(Owner);
        }
        long deaths = 0, updates = 0;
        for (long id = 1; id <= ledger.Records; id++)
        {
            deaths += MayHaveDiedWithIt(ledger[id]) ? 1 : 0;
        }
        for (int index = 0; index < numbers; index++)
        {
            updates += Close(index);
        }
        return ToldAtEdge <= deaths ? updates : throw Violation(
            $"Told {ToldAtEdge} times that an owner has died that was not inside, and only {deaths} can have owned it.");
    }

    /// <summary>Whether a process was killed that may have owned the thing then.</summary>
    public bool MayHaveDiedWithIt(LedgerRecord record) =>
        record.IsKilled && record.Phase is WorkerPhase.Asking or WorkerPhase.Inside or WorkerPhase.Leaving && (intent < 0 || record.Own(intent) != 0);

    private long Close(int index)
    {
        long updates = 0;
        for (long id = 1; id <= ledger.Records; id++)
        {
            LedgerRecord record = ledger[id];
            updates += (record.Own((index * WordsPerNumber) + Progress) >> 1) + record.Own((index * WordsPerNumber) + Credit);
        }
        return updates == Number(index) ? updates : throw Violation($"{updates} updates were made, and the number is {Number(index)}.");
    }

    private void Settle(LedgerRecord record, int index)
    {
        if ((record.Own((index * WordsPerNumber) + Progress) & 1) == 0)
        {
            return;
        }
        long target = record.Own((index * WordsPerNumber) + Target);
        record.Own((index * WordsPerNumber) + Credit) = (target - Number(index)) switch
        {
            0 => 1,
            1 => 0,
            _ => throw Violation($"An update is lost: {record.ToString()} was raising a number to {target}, and it is {Number(index)}."),
        };
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
