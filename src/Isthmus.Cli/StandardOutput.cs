namespace Isthmus.Cli;

/// <summary>
/// Standard output, for every command that prints what it has taken from others. The console's stream hides that nobody reads a pipe any more:
/// messages would be taken, acknowledged and lost, without end. What cannot be printed is told as a failure of the output, not of what it came from.
/// </summary>
internal sealed class StandardOutput : IAsyncDisposable
{
    private const int ChunkBytes = 65536;

    private readonly SafeFileHandle _handle = new(1, ownsHandle: false);
    private readonly Stream _stream;

    public StandardOutput() => _stream = Open(_handle);

    /// <summary>Prints all of it at once.</summary>
    /// <exception cref="CliException">It cannot be printed.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken);
            await _stream.FlushAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure(error);
        }
    }

    /// <summary>That it cannot be printed, told as that.</summary>
    public static CliException Failure(Exception error) => new(
        $"Standard output: {(error is UnauthorizedAccessException ? "it is closed, or not open for writing." : error.Message)}", ExitCode.System);

    /// <summary>Prints what comes, until the end.</summary>
    /// <exception cref="CliException">It cannot be printed.</exception>
    public async Task CopyFromAsync(Stream source, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkBytes];
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _handle.Dispose();
    }

    private static Stream Open(SafeFileHandle handle)
    {
        try
        {
            return PipeWriteEnd.FromHandle(handle);
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            return Console.OpenStandardOutput(); // No pipe.
        }
    }
}
