namespace Isthmus.Tests.Harness;

/// <summary>A new directory (0700) with a unique name, removed with all it holds.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("isthmus-test-").FullName;

    /// <summary>A path in the directory.</summary>
    public string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
