namespace Isthmus;

/// <summary>How <see cref="ChildProcess.RunAsync(ChildProcessOptions, CaptureOptions, CancellationToken)"/> feeds a
/// child and bounds it.</summary>
public sealed record CaptureOptions
{
    /// <summary>What the child reads from its standard input, which then ends; null to leave that as the child's
    /// options say; a pipe is then at its end at once.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>How long the child may run before it is stopped; above 49 days, as long as it likes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite.</exception>
    public TimeSpan Timeout
    {
        get;
        init => field = Checked(value, nameof(Timeout));
    } = System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>How long a child that is stopped may take to end after SIGTERM, before SIGKILL.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite.</exception>
    public TimeSpan Grace
    {
        get;
        init => field = Checked(value, nameof(Grace));
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long, after the child has ended, to wait for the end of its output, which others whom it left
    /// behind may hold open.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite.</exception>
    public TimeSpan Linger
    {
        get;
        init => field = Checked(value, nameof(Linger));
    } = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes to keep of each stream, 64 MiB unless set; what comes after them is read and dropped, so
    /// that the child goes on, and <see cref="CapturedOutput.IsTruncated"/> tells.</summary>
    public int OutputMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(OutputMax));
            field = value;
        }
    } = 64 * 1024 * 1024;

    private static TimeSpan Checked(TimeSpan time, string name)
    {
        if (time != System.Threading.Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, name);
        }
        return time;
    }
}
