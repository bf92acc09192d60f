namespace Isthmus.Tests.Linearizability;

/// <summary>Sets and resets an automatic event, and waits for it.</summary>
internal sealed class RecordedEvent(string name) : RecordedObject
{
    private readonly SharedEvent _event = SharedEvent.OpenOrCreate(name, EventResetMode.AutoReset);

    public override (string Operation, long Argument, long Result) Act(Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                _event.Reset();
                return ("reset", 0, 0);
            case 1 or 2:
                return ("wait", 0, _event.TryWait() ? 1 : 0);
            default:
                _event.Set();
                return ("set", 0, 0);
        }
    }

    public override void Dispose() => _event.Dispose();
}
