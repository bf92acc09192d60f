namespace Isthmus.Cli.Stress.Families;

/// <summary>Knows who waits for what, and closes the account.</summary>
internal sealed class ConditionReferee(StressPlace place) : StressReferee
{
    private readonly ExclusiveAccount _account = new(place.Ledger, numbers: 2);

    private long Inside => Volatile.Read(ref _account.Number(ConditionFamily.Put)) - Volatile.Read(ref _account.Number(ConditionFamily.Taken));

    public override bool HasReason(LedgerRecord record) => Volatile.Read(ref record.Own(ConditionFamily.Waits)) != 0
        && (ConditionFamily.Produces(record.Seat) ? Inside >= ConditionFamily.Room : Inside <= 0);

    public override void Release()
    {
        Broadcast(ConditionFamily.Filled);
        Broadcast(ConditionFamily.Emptied);
    }

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        MutexReferee.RequireFree(place, ConditionFamily.Mutex, _account);
        long updates = _account.Close();
        return [("put in and taken out", updates), ("left in the buffer", Inside)];
    }

    private void Broadcast(string name)
    {
        using SharedCondition condition = SharedCondition.Open(name, place.Options(new SharedObjectOptions()));
        condition.Broadcast();
    }
}
