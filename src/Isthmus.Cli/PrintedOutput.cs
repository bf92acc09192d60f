using System.Diagnostics.CodeAnalysis;

namespace Isthmus.Cli;

/// <summary>
/// Standard output as the console prints there. That it is closed or full is told as what it is, and not as if the command had failed at what it looks at.
/// </summary>
internal sealed class PrintedOutput(Stream console) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on all that is printed goes through one.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "It is the process's to its end.")]
    public static void Install() => Console.SetOut(new StreamWriter(new PrintedOutput(Console.OpenStandardOutput())) { AutoFlush = true });

    /// <exception cref="CliException">It cannot be printed.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            console.Write(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw StandardOutput.Failure(error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => console.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
