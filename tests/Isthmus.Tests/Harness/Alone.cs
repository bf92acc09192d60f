namespace Isthmus.Tests.Harness;

/// <summary>
/// For classes that measure the whole process (allocations, descriptors): they run after all others, one at a time.
/// Use as [Collection(Alone.Name)].
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
