namespace Isthmus.Tests.Harness;

/// <summary>A name for a shared object that is removed at the end, if there is one then.</summary>
internal sealed class TemporaryName : IDisposable
{
    public string Value { get; } = $"test-{Guid.NewGuid():N}";

    public static implicit operator string(TemporaryName name) => name.Value;

    public void Dispose()
    {
        try
        {
            SharedObject.Unlink(Value);
        }
        catch (FileNotFoundException)
        {
            // The test has removed it.
        }
    }
}
