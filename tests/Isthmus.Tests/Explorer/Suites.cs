namespace Isthmus.Tests.Explorer;

/// <summary>All that is explored.</summary>
internal static class Suites
{
    public static IReadOnlyList<Suite> All => [MutexSubject.Suite];
}
