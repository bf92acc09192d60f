namespace Isthmus.Tests.Linearizability;

/// <summary>Reads and writes a value that is more than a word wide: its parts are the same number, or it was torn.</summary>
internal sealed class RecordedValue(string name) : RecordedObject
{
    private readonly SharedValue<Wide> _value = SharedValue<Wide>.OpenOrCreate(name);

    public override (string Operation, long Argument, long Result) Act(Random random)
    {
        if (random.Next(3) == 0)
        {
            long number = random.NextInt64();
            _value.Write(new Wide(number, number, number));
            return ("write", number, 0);
        }
        Wide read = _value.Read();
        return ("read", 0, read.A == read.B && read.B == read.C ? read.A : -1);
    }

    public override void Dispose() => _value.Dispose();

    private readonly record struct Wide(long A, long B, long C);
}
