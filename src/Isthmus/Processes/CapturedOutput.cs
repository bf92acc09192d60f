using System.Text;

namespace Isthmus;

/// <summary>How a child ended, and what it printed.</summary>
public sealed record CapturedOutput
{
    /// <summary>How it ended.</summary>
    public required ExitStatus Status { get; init; }

    /// <summary>What it wrote to standard output.</summary>
    public required ReadOnlyMemory<byte> Output { get; init; }

    /// <summary>What it wrote to standard error.</summary>
    public required ReadOnlyMemory<byte> Error { get; init; }

    /// <summary>True when the timeout stopped it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>True when output is missing: there was more than was to be kept, or somebody still held a stream open
    /// when the linger time was over.</summary>
    public bool IsTruncated { get; init; }

    /// <summary><see cref="Output"/> as UTF-8 text.</summary>
    public string OutputText => Encoding.UTF8.GetString(Output.Span);

    /// <summary><see cref="Error"/> as UTF-8 text.</summary>
    public string ErrorText => Encoding.UTF8.GetString(Error.Span);
}
