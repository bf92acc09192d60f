namespace Isthmus.Web.Tests;

/// <summary>One server for all tests of a class.</summary>
public sealed class ServerFixture : IDisposable
{
    internal Server Server { get; } = Server.Start();

    public void Dispose() => Server.Dispose();
}
