namespace Isthmus;

/// <summary>How <see cref="ChildProcess.RunAsync(ChildProcessOptions, CaptureOptions, CancellationToken)"/> feeds a
/// child and bounds it.</summary>
public sealed record CaptureOptions
{
    /// <summary>What the child reads from its standard input, which then ends; null to leave that as the child's
    /// options say.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>How long the child may run before it is stopped.</summary>
    public TimeSpan Timeout { get; init; } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>How long a child that is stopped may take to end after SIGTERM, before SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long, after the child has ended, to wait for the end of its output, which others whom it left
    /// behind may hold open.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes to keep of each stream; what comes after them is read and dropped, so that the child
    /// goes on.</summary>
    public int OutputMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(OutputMax));
            field = value;
        }
    } = Array.MaxLength;
}
