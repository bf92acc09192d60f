using System.Globalization;

namespace Isthmus.Tests.Semaphores;

/// <summary>The name of a semaphore that no other test has; whatever stands there is removed in the end.</summary>
internal sealed class SemaphoreName : IDisposable
{
    private static int s_count;

    public string Value { get; } = string.Create(
        CultureInfo.InvariantCulture, $"/isthmus-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");

    /// <summary>The file that libc keeps it in.</summary>
    public string Path => "/dev/shm/sem." + Value[1..];

    public static implicit operator string(SemaphoreName name) => name.Value;

    public override string ToString() => Value;

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path);
        }
        File.Delete(Path);
    }
}
