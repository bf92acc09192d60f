namespace Isthmus.Cli;

/// <summary>
/// Standard input, for every command that sends it. A timeout or Ctrl+C ends a read that waits, which neither the console's
/// stream nor a file's can; what cannot be read is told as a failure of the input, not of what it is sent to.
/// </summary>
internal sealed class StandardInput : IDisposable
{
    private const int ChunkBytes = 65536;

    private readonly SafeFileHandle _handle = new(0, ownsHandle: false);
    private readonly Stream _stream;

    public StandardInput()
    {
        // The console's stream would edit lines on a terminal, where a line that is begun is waited for without end. Elsewhere
        // it is read(2) and nothing else, so that who shares a file with us goes on where we stopped.
        _stream = Console.IsInputRedirected ? Console.OpenStandardInput() : new FileStream(_handle, FileAccess.Read, bufferSize: 0);
    }

    /// <summary>Reads what is there, waiting for the first byte; 0 at the end.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            // Once there is something, the read does not wait.
            await EventLoop.WaitReadableAsync(_handle, cancellationToken);
            return await _stream.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"Standard input: {error.Message}", ExitCode.System);
        }
    }

    /// <summary>Hands on what comes, until the end.</summary>
    public async Task CopyToAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkBytes];
        for (int read; (read = await ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await write(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>
    /// All of it, for what is sent whole or not at all; null, once that is known, when it is longer than
    /// <paramref name="bytesMax"/>.
    /// </summary>
    public async Task<ReadOnlyMemory<byte>?> TryReadToEndAsync(long bytesMax, CancellationToken cancellationToken)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[ChunkBytes];
        for (int read; (read = await ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (all.Length + read > bytesMax)
            {
                return null;
            }
            all.Write(buffer.AsSpan(0, read));
        }
        return all.GetBuffer().AsMemory(0, (int)all.Length);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _handle.Dispose();
    }
}
