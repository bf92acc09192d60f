using System.Globalization;

namespace Isthmus.Tests.Harness;

/// <summary>A name for a POSIX message queue that no other test has; unlinked in the end.</summary>
internal sealed class QueueName : IDisposable
{
    private static int s_count;

    /// <summary>How the names of this test program begin, without the slash.</summary>
    public static string Prefix { get; } = string.Create(CultureInfo.InvariantCulture, $"isthmus-test-{Environment.ProcessId}-");

    public string Value { get; } = string.Create(CultureInfo.InvariantCulture, $"/{Prefix}{Interlocked.Increment(ref s_count)}");

    public static implicit operator string(QueueName name) => name.Value;

    public override string ToString() => Value;

    public void Dispose()
    {
        try
        {
            PosixMessageQueue.Unlink(Value);
        }
        catch (FileNotFoundException)
        {
            // The test has done it.
        }
    }
}
